import { registerHooks } from 'node:module'

// For each module of a package Node reads the package's `package.json`, and drizzle-orm's lists 900 entry points on 180 kB: importing
// its 200 modules takes two seconds of CPU and 200 MB. Its CommonJS form, which `require` gets, is read in a twentieth of that.
registerHooks({
  resolve: (specifier, context, next) =>
    next(specifier, specifier.startsWith('drizzle-orm') ? { ...context, conditions: ['require', 'node'] } : context),
})
