import { sql } from 'drizzle-orm'
import type { Queryable } from '../database.ts'

/**
 * Takes the lease of this name for so long, or renews it; answers whether it is the holder's now. By the database's clock. One that was
 * given for longer than that from now on, by a clock that has been set back since, has ended too.
 */
export async function holdLease(db: Queryable, name: string, holder: string, forMs: number): Promise<boolean> {
  const until = sql`now() + ${forMs} * interval '1 millisecond'`
  const { rows } = await db.execute(
    sql`insert into leases (name, holder, until) values (${name}, ${holder}::uuid, ${until})
        on conflict (name) do update set holder = excluded.holder, until = excluded.until
          where leases.holder = excluded.holder or leases.until <= now() or leases.until > excluded.until
        returning name`,
  )
  return rows.length > 0
}

/** Gives a lease back before it ends, where it is the holder's. */
export async function giveUpLease(db: Queryable, name: string, holder: string): Promise<void> {
  await db.execute(sql`delete from leases where name = ${name} and holder = ${holder}::uuid`)
}
