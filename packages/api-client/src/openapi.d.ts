// Made from the description of the API by test/api-document.test.ts, which says how to make it anew.

export interface paths {
    "/api/v1/apply": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make the server match a document */
        post: operations["createApply"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the audit log, newest first */
        get: operations["listAudit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit/erase": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Erase what entries say of persons: their details. The entries and their chain stay */
        post: operations["createAuditErase"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The audit log as JSON lines, oldest first, with all that its hashes are over
         * @description What `sonde audit verify` reads. `detail` is the text that was hashed: JSON within JSON.
         */
        get: operations["getAuditExport"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/certificates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the certificates that were seen, soonest to expire first */
        get: operations["listCertificates"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/channels": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List channels in key order */
        get: operations["listChannels"];
        put?: never;
        /** Make a channel */
        post: operations["createChannel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/channels/{key}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a channel */
        get: operations["getChannel"];
        /** Make a channel, or replace it whole */
        put: operations["putChannel"];
        post?: never;
        /** Delete a channel */
        delete: operations["deleteChannel"];
        options?: never;
        head?: never;
        /** Change fields of a channel */
        patch: operations["patchChannel"];
        trace?: never;
    };
    "/api/v1/channels/{key}/enable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Use a channel again whose receiver had answered 410 */
        post: operations["createChannelEnable"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/channels/{key}/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How a channel fares: what waits, what was not taken, and whether its receiver refuses */
        get: operations["getChannelHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/channels/{key}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send every dead letter of a channel again, each with its id */
        post: operations["createChannelReplay"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/channels/{key}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send a test message through a channel; a problem tells why it was not taken */
        post: operations["createChannelTest"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/checks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List checks in key order */
        get: operations["listChecks"];
        put?: never;
        /** Make a check */
        post: operations["createCheck"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/checks/{key}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a check */
        get: operations["getCheck"];
        /** Make a check, or replace it whole */
        put: operations["putCheck"];
        post?: never;
        /** Delete a check */
        delete: operations["deleteCheck"];
        options?: never;
        head?: never;
        /** Change fields of a check */
        patch: operations["patchCheck"];
        trace?: never;
    };
    "/api/v1/checks/{key}/results": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the results of a check, newest first */
        get: operations["listCheckResults"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/checks/{key}/run": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Run a check now in all its regions */
        post: operations["createCheckRun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/checks/{key}/series": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Availability and latency percentiles of a check by step, oldest first */
        get: operations["listCheckSeries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/checks/{key}/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The verdict on a check, as a whole and by region */
        get: operations["getCheckStatus"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read everything that apply takes as one document
         * @description As JSON the document is for POST apply. As YAML it is a file for `sonde apply`, in which `${` is written `$${`. Secrets stand there sealed, as only this server can open them.
         */
        get: operations["getExport"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List incidents, newest first */
        get: operations["listIncidents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read an incident, with its evidence */
        get: operations["getIncident"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{id}/acknowledge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Say that somebody looks after an incident: no more reminders, no escalation */
        post: operations["createIncidentAcknowledge"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/maintenance": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List maintenance windows in key order */
        get: operations["listMaintenance"];
        put?: never;
        /** Make a maintenance window */
        post: operations["createMaintenance"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/maintenance/{key}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a maintenance window */
        get: operations["getMaintenance"];
        /** Make a maintenance window, or replace it whole */
        put: operations["putMaintenance"];
        post?: never;
        /** Delete a maintenance window */
        delete: operations["deleteMaintenance"];
        options?: never;
        head?: never;
        /** Change fields of a maintenance window */
        patch: operations["patchMaintenance"];
        trace?: never;
    };
    "/api/v1/notifications": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List notifications, newest first; `?state=dead` are those that were given up */
        get: operations["listNotifications"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/notifications/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a notification */
        get: operations["getNotification"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/notifications/{id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send a dead letter again, with its id, for another day */
        post: operations["createNotificationReplay"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/regions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List regions with their live workers */
        get: operations["listRegions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/regions/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a region with its live workers */
        get: operations["getRegion"];
        /** Make a region, or say where it is; one that was retired is there again */
        put: operations["putRegion"];
        post?: never;
        /** Retire a region: no more slots, its history stays */
        delete: operations["deleteRegion"];
        options?: never;
        head?: never;
        /** Change what is said of a region */
        patch: operations["patchRegion"];
        trace?: never;
    };
    "/api/v1/secrets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Which keys seal how much */
        get: operations["getSecrets"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/secrets/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Seal every secret anew with the first key of SONDE_SECRET_KEY
         * @description Document by document, while all goes on. It can be called again at any time, and then does what is left.
         */
        post: operations["createSecretRotate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/silences": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List silences, newest first */
        get: operations["listSilences"];
        put?: never;
        /** Stop notifications of what matches for a while */
        post: operations["createSilence"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/silences/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a silence */
        get: operations["getSilence"];
        /** Replace a silence */
        put: operations["putSilence"];
        post?: never;
        /** Delete a silence: what it kept quiet is told now */
        delete: operations["deleteSilence"];
        options?: never;
        head?: never;
        /** Change fields of a silence, such as when it ends */
        patch: operations["patchSilence"];
        trace?: never;
    };
    "/api/v1/slo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Service levels of checks in key order */
        get: operations["listSlo"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The verdicts on all checks, as a whole and by region, in key order */
        get: operations["listStatus"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List tokens in the order of their ids */
        get: operations["listTokens"];
        put?: never;
        /** Make a token, and show it once */
        post: operations["createToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tokens/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read what is known of a token */
        get: operations["getToken"];
        /** Give a token another name, other scopes, labels or another end */
        put: operations["putToken"];
        post?: never;
        /** Revoke a token, at once and on every API process */
        delete: operations["deleteToken"];
        options?: never;
        head?: never;
        /** Change some settings of a token */
        patch: operations["patchToken"];
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Alive */
        get: operations["getHealthz"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Database and queue answer */
        get: operations["getReadyz"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Channel: {
            /** @default true */
            enabled: boolean;
            key: string;
            /** @constant */
            kind: "webhook";
            webhook: {
                /** @default {} */
                headers: {
                    [key: string]: string;
                };
                previousSecret?: string;
                secret?: string;
                template?: string;
                /** Format: uri */
                url: string;
            };
        } | {
            email: {
                /** Format: email */
                from: string;
                smtp: string;
                template?: string;
                to: string[];
            };
            /** @default true */
            enabled: boolean;
            key: string;
            /** @constant */
            kind: "email";
        } | {
            /** @default true */
            enabled: boolean;
            key: string;
            /** @constant */
            kind: "slack";
            slack: {
                template?: string;
                /** Format: uri */
                url: string;
            };
        } | {
            /** @default true */
            enabled: boolean;
            key: string;
            /** @constant */
            kind: "teams";
            teams: {
                template?: string;
                /** Format: uri */
                url: string;
            };
        } | {
            discord: {
                template?: string;
                /** Format: uri */
                url: string;
            };
            /** @default true */
            enabled: boolean;
            key: string;
            /** @constant */
            kind: "discord";
        } | {
            /** @default true */
            enabled: boolean;
            googlechat: {
                template?: string;
                /** Format: uri */
                url: string;
            };
            key: string;
            /** @constant */
            kind: "googlechat";
        } | {
            /** @default true */
            enabled: boolean;
            key: string;
            /** @constant */
            kind: "mattermost";
            mattermost: {
                template?: string;
                /** Format: uri */
                url: string;
            };
        } | {
            /** @default true */
            enabled: boolean;
            key: string;
            /** @constant */
            kind: "pagerduty";
            pagerduty: {
                routingKey: string;
                /**
                 * Format: uri
                 * @default https://events.pagerduty.com/v2/enqueue
                 */
                url: string;
            };
        } | {
            /** @default true */
            enabled: boolean;
            key: string;
            /** @constant */
            kind: "opsgenie";
            opsgenie: {
                apiKey: string;
                /**
                 * Format: uri
                 * @default https://api.opsgenie.com
                 */
                url: string;
            };
        } | {
            /** @default true */
            enabled: boolean;
            key: string;
            /** @constant */
            kind: "telegram";
            telegram: {
                botToken: string;
                chatId: string;
                template?: string;
                /**
                 * Format: uri
                 * @default https://api.telegram.org
                 */
                url: string;
            };
        } | {
            /** @default true */
            enabled: boolean;
            key: string;
            /** @constant */
            kind: "ntfy";
            ntfy: {
                template?: string;
                token?: string;
                /** Format: uri */
                url: string;
            };
        } | {
            alertmanager: {
                /** Format: uri */
                url: string;
            };
            /** @default true */
            enabled: boolean;
            key: string;
            /** @constant */
            kind: "alertmanager";
        };
        ChannelInput: {
            /** @default true */
            enabled?: boolean;
            key: string;
            /** @constant */
            kind: "webhook";
            webhook: {
                /** @default {} */
                headers?: {
                    [key: string]: string;
                };
                previousSecret?: string;
                secret?: string;
                template?: string;
                /** Format: uri */
                url: string;
            };
        } | {
            email: {
                /** Format: email */
                from: string;
                smtp: string;
                template?: string;
                to: string[];
            };
            /** @default true */
            enabled?: boolean;
            key: string;
            /** @constant */
            kind: "email";
        } | {
            /** @default true */
            enabled?: boolean;
            key: string;
            /** @constant */
            kind: "slack";
            slack: {
                template?: string;
                /** Format: uri */
                url: string;
            };
        } | {
            /** @default true */
            enabled?: boolean;
            key: string;
            /** @constant */
            kind: "teams";
            teams: {
                template?: string;
                /** Format: uri */
                url: string;
            };
        } | {
            discord: {
                template?: string;
                /** Format: uri */
                url: string;
            };
            /** @default true */
            enabled?: boolean;
            key: string;
            /** @constant */
            kind: "discord";
        } | {
            /** @default true */
            enabled?: boolean;
            googlechat: {
                template?: string;
                /** Format: uri */
                url: string;
            };
            key: string;
            /** @constant */
            kind: "googlechat";
        } | {
            /** @default true */
            enabled?: boolean;
            key: string;
            /** @constant */
            kind: "mattermost";
            mattermost: {
                template?: string;
                /** Format: uri */
                url: string;
            };
        } | {
            /** @default true */
            enabled?: boolean;
            key: string;
            /** @constant */
            kind: "pagerduty";
            pagerduty: {
                routingKey: string;
                /**
                 * Format: uri
                 * @default https://events.pagerduty.com/v2/enqueue
                 */
                url?: string;
            };
        } | {
            /** @default true */
            enabled?: boolean;
            key: string;
            /** @constant */
            kind: "opsgenie";
            opsgenie: {
                apiKey: string;
                /**
                 * Format: uri
                 * @default https://api.opsgenie.com
                 */
                url?: string;
            };
        } | {
            /** @default true */
            enabled?: boolean;
            key: string;
            /** @constant */
            kind: "telegram";
            telegram: {
                botToken: string;
                chatId: string;
                template?: string;
                /**
                 * Format: uri
                 * @default https://api.telegram.org
                 */
                url?: string;
            };
        } | {
            /** @default true */
            enabled?: boolean;
            key: string;
            /** @constant */
            kind: "ntfy";
            ntfy: {
                template?: string;
                token?: string;
                /** Format: uri */
                url: string;
            };
        } | {
            alertmanager: {
                /** Format: uri */
                url: string;
            };
            /** @default true */
            enabled?: boolean;
            key: string;
            /** @constant */
            kind: "alertmanager";
        };
        Check: {
            alerts: {
                certChange?: {
                    /** @default true */
                    enabled: boolean;
                };
                /**
                 * @default [
                 *       "30d",
                 *       "14d",
                 *       "3d"
                 *     ]
                 */
                certExpiry: string[] | {
                    /** @constant */
                    enabled: false;
                };
                /** @default [] */
                channels: string[];
                dnsChange?: {
                    /** @default true */
                    enabled: boolean;
                };
                dnssecExpiry?: {
                    /** @default true */
                    enabled: boolean;
                };
                down?: {
                    /** @default true */
                    enabled: boolean;
                };
                /** @default [] */
                escalate: {
                    /**
                     * @description A duration between 1m and 30d
                     * @example 1m
                     */
                    after: string;
                    channels: string[];
                }[];
                /** @default 2 */
                failureThreshold: number | {
                    failures: number;
                    of: number;
                };
                groupBy?: string;
                latency?: {
                    /**
                     * @description A duration between 1ms and 10m
                     * @example 1ms
                     */
                    above: string;
                    /**
                     * @default true
                     * @constant
                     */
                    enabled: true;
                    /**
                     * @description A duration between 1m and 24h
                     * @example 1m
                     */
                    over: string;
                    percentile: number;
                } | {
                    /**
                     * @description A duration between 1ms and 10m
                     * @example 1ms
                     */
                    above?: string;
                    /** @constant */
                    enabled: false;
                    /**
                     * @description A duration between 1m and 24h
                     * @example 1m
                     */
                    over?: string;
                    percentile?: number;
                };
                /** @default 3 */
                noData: number | {
                    /** @constant */
                    enabled: false;
                };
                /** @default majority */
                regions: ("any" | "majority" | "all") | number;
                /**
                 * @description A duration between 1m and 30d
                 * @example 1m
                 */
                repeat?: string;
                /** @default 2 */
                successThreshold: number;
            };
            /** @default [] */
            assertions: {
                name?: string;
                /** @enum {string} */
                op: "eq" | "ne" | "lt" | "lte" | "gt" | "gte" | "in" | "contains" | "notContains" | "matches" | "notMatches" | "exists" | "notExists";
                path?: string;
                /** @enum {string} */
                source: "status" | "header" | "body" | "body.json" | "body.size" | "redirects" | "http.version" | "duration" | "ip" | "phase.dns" | "phase.connect" | "phase.tls" | "phase.ttfb" | "phase.transfer" | "cert.daysLeft" | "cert.issuer" | "cert.subject" | "cert.san" | "cert.fingerprint" | "tls.version" | "tls.cipher" | "dns.rcode" | "dns.answers" | "dns.ttl" | "dns.flags" | "dns.status" | "loss";
                value?: (string | number | boolean | null) | (string | number | boolean | null)[];
            }[];
            /** @default [] */
            dependsOn: string[];
            /** @default true */
            enabled: boolean;
            http: {
                auth?: {
                    basic?: {
                        password: string;
                        username: string;
                    };
                    bearer?: string;
                };
                body?: string;
                /** @default true */
                followRedirects: boolean;
                /** @default {} */
                headers: {
                    [key: string]: string;
                };
                /**
                 * @default auto
                 * @enum {string}
                 */
                httpVersion: "2" | "auto" | "1.1";
                /**
                 * @default any
                 * @enum {string}
                 */
                ipFamily: "4" | "6" | "any";
                /** @default 1048576 */
                maxBodyBytes: number;
                /** @default 10 */
                maxRedirects: number;
                /**
                 * @default GET
                 * @enum {string}
                 */
                method: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS";
                resolvers?: string[];
                secretHeaders?: string[];
                tls: {
                    alpn?: string[];
                    caFile?: string;
                    caPem?: string;
                    certPem?: string;
                    /** @default false */
                    insecureSkipVerify: boolean;
                    keyPem?: string;
                    /** @enum {string} */
                    maxVersion?: "TLSv1" | "TLSv1.1" | "TLSv1.2" | "TLSv1.3";
                    /**
                     * @default TLSv1.2
                     * @enum {string}
                     */
                    minVersion: "TLSv1" | "TLSv1.1" | "TLSv1.2" | "TLSv1.3";
                    serverName?: string;
                };
            };
            /**
             * @description A duration between 1s and 24h
             * @default 30s
             * @example 1s
             */
            interval: string;
            key: string;
            /** @constant */
            kind: "http";
            /** @default {} */
            labels: {
                [key: string]: string;
            };
            name?: string;
            /**
             * @default [
             *       "*"
             *     ]
             */
            regions: ("*" | string)[];
            /** @default 0 */
            retries: number;
            target: string;
            /**
             * @description A duration between 10ms and 10m
             * @default 5s
             * @example 10ms
             */
            timeout: string;
        } | {
            alerts: {
                certChange?: {
                    /** @default true */
                    enabled: boolean;
                };
                /**
                 * @default [
                 *       "30d",
                 *       "14d",
                 *       "3d"
                 *     ]
                 */
                certExpiry: string[] | {
                    /** @constant */
                    enabled: false;
                };
                /** @default [] */
                channels: string[];
                dnsChange?: {
                    /** @default true */
                    enabled: boolean;
                };
                dnssecExpiry?: {
                    /** @default true */
                    enabled: boolean;
                };
                down?: {
                    /** @default true */
                    enabled: boolean;
                };
                /** @default [] */
                escalate: {
                    /**
                     * @description A duration between 1m and 30d
                     * @example 1m
                     */
                    after: string;
                    channels: string[];
                }[];
                /** @default 2 */
                failureThreshold: number | {
                    failures: number;
                    of: number;
                };
                groupBy?: string;
                latency?: {
                    /**
                     * @description A duration between 1ms and 10m
                     * @example 1ms
                     */
                    above: string;
                    /**
                     * @default true
                     * @constant
                     */
                    enabled: true;
                    /**
                     * @description A duration between 1m and 24h
                     * @example 1m
                     */
                    over: string;
                    percentile: number;
                } | {
                    /**
                     * @description A duration between 1ms and 10m
                     * @example 1ms
                     */
                    above?: string;
                    /** @constant */
                    enabled: false;
                    /**
                     * @description A duration between 1m and 24h
                     * @example 1m
                     */
                    over?: string;
                    percentile?: number;
                };
                /** @default 3 */
                noData: number | {
                    /** @constant */
                    enabled: false;
                };
                /** @default majority */
                regions: ("any" | "majority" | "all") | number;
                /**
                 * @description A duration between 1m and 30d
                 * @example 1m
                 */
                repeat?: string;
                /** @default 2 */
                successThreshold: number;
            };
            /** @default [] */
            assertions: {
                name?: string;
                /** @enum {string} */
                op: "eq" | "ne" | "lt" | "lte" | "gt" | "gte" | "in" | "contains" | "notContains" | "matches" | "notMatches" | "exists" | "notExists";
                path?: string;
                /** @enum {string} */
                source: "status" | "header" | "body" | "body.json" | "body.size" | "redirects" | "http.version" | "duration" | "ip" | "phase.dns" | "phase.connect" | "phase.tls" | "phase.ttfb" | "phase.transfer" | "cert.daysLeft" | "cert.issuer" | "cert.subject" | "cert.san" | "cert.fingerprint" | "tls.version" | "tls.cipher" | "dns.rcode" | "dns.answers" | "dns.ttl" | "dns.flags" | "dns.status" | "loss";
                value?: (string | number | boolean | null) | (string | number | boolean | null)[];
            }[];
            /** @default [] */
            dependsOn: string[];
            /** @default true */
            enabled: boolean;
            /**
             * @description A duration between 1s and 24h
             * @default 30s
             * @example 1s
             */
            interval: string;
            key: string;
            /** @constant */
            kind: "tls";
            /** @default {} */
            labels: {
                [key: string]: string;
            };
            name?: string;
            /**
             * @default [
             *       "*"
             *     ]
             */
            regions: ("*" | string)[];
            /** @default 0 */
            retries: number;
            target: string;
            /**
             * @description A duration between 10ms and 10m
             * @default 5s
             * @example 10ms
             */
            timeout: string;
            tls: {
                alpn?: string[];
                caFile?: string;
                caPem?: string;
                certPem?: string;
                /** @default false */
                insecureSkipVerify: boolean;
                /**
                 * @default any
                 * @enum {string}
                 */
                ipFamily: "4" | "6" | "any";
                keyPem?: string;
                /** @enum {string} */
                maxVersion?: "TLSv1" | "TLSv1.1" | "TLSv1.2" | "TLSv1.3";
                /**
                 * @default TLSv1.2
                 * @enum {string}
                 */
                minVersion: "TLSv1" | "TLSv1.1" | "TLSv1.2" | "TLSv1.3";
                resolvers?: string[];
                serverName?: string;
                /** @enum {string} */
                starttls?: "smtp" | "imap" | "pop3" | "ftp" | "ldap" | "postgres" | "mysql" | "xmpp";
            };
        } | {
            alerts: {
                certChange?: {
                    /** @default true */
                    enabled: boolean;
                };
                /**
                 * @default [
                 *       "30d",
                 *       "14d",
                 *       "3d"
                 *     ]
                 */
                certExpiry: string[] | {
                    /** @constant */
                    enabled: false;
                };
                /** @default [] */
                channels: string[];
                dnsChange?: {
                    /** @default true */
                    enabled: boolean;
                };
                dnssecExpiry?: {
                    /** @default true */
                    enabled: boolean;
                };
                down?: {
                    /** @default true */
                    enabled: boolean;
                };
                /** @default [] */
                escalate: {
                    /**
                     * @description A duration between 1m and 30d
                     * @example 1m
                     */
                    after: string;
                    channels: string[];
                }[];
                /** @default 2 */
                failureThreshold: number | {
                    failures: number;
                    of: number;
                };
                groupBy?: string;
                latency?: {
                    /**
                     * @description A duration between 1ms and 10m
                     * @example 1ms
                     */
                    above: string;
                    /**
                     * @default true
                     * @constant
                     */
                    enabled: true;
                    /**
                     * @description A duration between 1m and 24h
                     * @example 1m
                     */
                    over: string;
                    percentile: number;
                } | {
                    /**
                     * @description A duration between 1ms and 10m
                     * @example 1ms
                     */
                    above?: string;
                    /** @constant */
                    enabled: false;
                    /**
                     * @description A duration between 1m and 24h
                     * @example 1m
                     */
                    over?: string;
                    percentile?: number;
                };
                /** @default 3 */
                noData: number | {
                    /** @constant */
                    enabled: false;
                };
                /** @default majority */
                regions: ("any" | "majority" | "all") | number;
                /**
                 * @description A duration between 1m and 30d
                 * @example 1m
                 */
                repeat?: string;
                /** @default 2 */
                successThreshold: number;
            };
            /** @default [] */
            assertions: {
                name?: string;
                /** @enum {string} */
                op: "eq" | "ne" | "lt" | "lte" | "gt" | "gte" | "in" | "contains" | "notContains" | "matches" | "notMatches" | "exists" | "notExists";
                path?: string;
                /** @enum {string} */
                source: "status" | "header" | "body" | "body.json" | "body.size" | "redirects" | "http.version" | "duration" | "ip" | "phase.dns" | "phase.connect" | "phase.tls" | "phase.ttfb" | "phase.transfer" | "cert.daysLeft" | "cert.issuer" | "cert.subject" | "cert.san" | "cert.fingerprint" | "tls.version" | "tls.cipher" | "dns.rcode" | "dns.answers" | "dns.ttl" | "dns.flags" | "dns.status" | "loss";
                value?: (string | number | boolean | null) | (string | number | boolean | null)[];
            }[];
            /** @default [] */
            dependsOn: string[];
            dns: {
                /**
                 * @default off
                 * @enum {string}
                 */
                dnssec: "off" | "report" | "require";
                /**
                 * @default A
                 * @example A
                 * @example AAAA
                 * @example AFSDB
                 * @example ANY
                 * @example APL
                 * @example CAA
                 * @example CDNSKEY
                 * @example CDS
                 * @example CERT
                 * @example CNAME
                 * @example CSYNC
                 * @example DHCID
                 * @example DLV
                 * @example DNAME
                 * @example DNSKEY
                 * @example DS
                 * @example EUI48
                 * @example EUI64
                 * @example HINFO
                 * @example HIP
                 * @example HTTPS
                 * @example IPSECKEY
                 * @example KEY
                 * @example KX
                 * @example LOC
                 * @example MX
                 * @example NAPTR
                 * @example NS
                 * @example NSEC
                 * @example NSEC3
                 * @example NSEC3PARAM
                 * @example NULL
                 * @example OPENPGPKEY
                 * @example PTR
                 * @example RP
                 * @example RRSIG
                 * @example SIG
                 * @example SMIMEA
                 * @example SOA
                 * @example SPF
                 * @example SRV
                 * @example SSHFP
                 * @example SVCB
                 * @example TA
                 * @example TLSA
                 * @example TXT
                 * @example URI
                 * @example ZONEMD
                 */
                recordType: string;
                /** @default true */
                recursionDesired: boolean;
                servers?: string[];
                /**
                 * @default [
                 *       ". DS 20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D",
                 *       ". DS 38696 8 2 683D2D0ACB8C9B712A1948B27F741219298D0A450D612C483AF444A4C0FB2B16"
                 *     ]
                 */
                trustAnchors: string[];
                /**
                 * @default every
                 * @enum {string}
                 */
                verdict: "every" | "any";
            };
            /** @default true */
            enabled: boolean;
            /**
             * @description A duration between 1s and 24h
             * @default 30s
             * @example 1s
             */
            interval: string;
            key: string;
            /** @constant */
            kind: "dns";
            /** @default {} */
            labels: {
                [key: string]: string;
            };
            name?: string;
            /**
             * @default [
             *       "*"
             *     ]
             */
            regions: ("*" | string)[];
            /** @default 0 */
            retries: number;
            target: string;
            /**
             * @description A duration between 10ms and 10m
             * @default 5s
             * @example 10ms
             */
            timeout: string;
        } | {
            alerts: {
                certChange?: {
                    /** @default true */
                    enabled: boolean;
                };
                /**
                 * @default [
                 *       "30d",
                 *       "14d",
                 *       "3d"
                 *     ]
                 */
                certExpiry: string[] | {
                    /** @constant */
                    enabled: false;
                };
                /** @default [] */
                channels: string[];
                dnsChange?: {
                    /** @default true */
                    enabled: boolean;
                };
                dnssecExpiry?: {
                    /** @default true */
                    enabled: boolean;
                };
                down?: {
                    /** @default true */
                    enabled: boolean;
                };
                /** @default [] */
                escalate: {
                    /**
                     * @description A duration between 1m and 30d
                     * @example 1m
                     */
                    after: string;
                    channels: string[];
                }[];
                /** @default 2 */
                failureThreshold: number | {
                    failures: number;
                    of: number;
                };
                groupBy?: string;
                latency?: {
                    /**
                     * @description A duration between 1ms and 10m
                     * @example 1ms
                     */
                    above: string;
                    /**
                     * @default true
                     * @constant
                     */
                    enabled: true;
                    /**
                     * @description A duration between 1m and 24h
                     * @example 1m
                     */
                    over: string;
                    percentile: number;
                } | {
                    /**
                     * @description A duration between 1ms and 10m
                     * @example 1ms
                     */
                    above?: string;
                    /** @constant */
                    enabled: false;
                    /**
                     * @description A duration between 1m and 24h
                     * @example 1m
                     */
                    over?: string;
                    percentile?: number;
                };
                /** @default 3 */
                noData: number | {
                    /** @constant */
                    enabled: false;
                };
                /** @default majority */
                regions: ("any" | "majority" | "all") | number;
                /**
                 * @description A duration between 1m and 30d
                 * @example 1m
                 */
                repeat?: string;
                /** @default 2 */
                successThreshold: number;
            };
            /** @default [] */
            assertions: {
                name?: string;
                /** @enum {string} */
                op: "eq" | "ne" | "lt" | "lte" | "gt" | "gte" | "in" | "contains" | "notContains" | "matches" | "notMatches" | "exists" | "notExists";
                path?: string;
                /** @enum {string} */
                source: "status" | "header" | "body" | "body.json" | "body.size" | "redirects" | "http.version" | "duration" | "ip" | "phase.dns" | "phase.connect" | "phase.tls" | "phase.ttfb" | "phase.transfer" | "cert.daysLeft" | "cert.issuer" | "cert.subject" | "cert.san" | "cert.fingerprint" | "tls.version" | "tls.cipher" | "dns.rcode" | "dns.answers" | "dns.ttl" | "dns.flags" | "dns.status" | "loss";
                value?: (string | number | boolean | null) | (string | number | boolean | null)[];
            }[];
            /** @default [] */
            dependsOn: string[];
            /** @default true */
            enabled: boolean;
            /**
             * @description A duration between 1s and 24h
             * @default 30s
             * @example 1s
             */
            interval: string;
            key: string;
            /** @constant */
            kind: "tcp";
            /** @default {} */
            labels: {
                [key: string]: string;
            };
            name?: string;
            /**
             * @default [
             *       "*"
             *     ]
             */
            regions: ("*" | string)[];
            /** @default 0 */
            retries: number;
            target: string;
            tcp: {
                expect?: string;
                /**
                 * @default any
                 * @enum {string}
                 */
                ipFamily: "4" | "6" | "any";
                resolvers?: string[];
                send?: string;
                tls?: {
                    alpn?: string[];
                    caFile?: string;
                    caPem?: string;
                    certPem?: string;
                    /** @default false */
                    insecureSkipVerify: boolean;
                    keyPem?: string;
                    /** @enum {string} */
                    maxVersion?: "TLSv1" | "TLSv1.1" | "TLSv1.2" | "TLSv1.3";
                    /**
                     * @default TLSv1.2
                     * @enum {string}
                     */
                    minVersion: "TLSv1" | "TLSv1.1" | "TLSv1.2" | "TLSv1.3";
                    serverName?: string;
                };
            };
            /**
             * @description A duration between 10ms and 10m
             * @default 5s
             * @example 10ms
             */
            timeout: string;
        } | {
            alerts: {
                certChange?: {
                    /** @default true */
                    enabled: boolean;
                };
                /**
                 * @default [
                 *       "30d",
                 *       "14d",
                 *       "3d"
                 *     ]
                 */
                certExpiry: string[] | {
                    /** @constant */
                    enabled: false;
                };
                /** @default [] */
                channels: string[];
                dnsChange?: {
                    /** @default true */
                    enabled: boolean;
                };
                dnssecExpiry?: {
                    /** @default true */
                    enabled: boolean;
                };
                down?: {
                    /** @default true */
                    enabled: boolean;
                };
                /** @default [] */
                escalate: {
                    /**
                     * @description A duration between 1m and 30d
                     * @example 1m
                     */
                    after: string;
                    channels: string[];
                }[];
                /** @default 2 */
                failureThreshold: number | {
                    failures: number;
                    of: number;
                };
                groupBy?: string;
                latency?: {
                    /**
                     * @description A duration between 1ms and 10m
                     * @example 1ms
                     */
                    above: string;
                    /**
                     * @default true
                     * @constant
                     */
                    enabled: true;
                    /**
                     * @description A duration between 1m and 24h
                     * @example 1m
                     */
                    over: string;
                    percentile: number;
                } | {
                    /**
                     * @description A duration between 1ms and 10m
                     * @example 1ms
                     */
                    above?: string;
                    /** @constant */
                    enabled: false;
                    /**
                     * @description A duration between 1m and 24h
                     * @example 1m
                     */
                    over?: string;
                    percentile?: number;
                };
                /** @default 3 */
                noData: number | {
                    /** @constant */
                    enabled: false;
                };
                /** @default majority */
                regions: ("any" | "majority" | "all") | number;
                /**
                 * @description A duration between 1m and 30d
                 * @example 1m
                 */
                repeat?: string;
                /** @default 2 */
                successThreshold: number;
            };
            /** @default [] */
            assertions: {
                name?: string;
                /** @enum {string} */
                op: "eq" | "ne" | "lt" | "lte" | "gt" | "gte" | "in" | "contains" | "notContains" | "matches" | "notMatches" | "exists" | "notExists";
                path?: string;
                /** @enum {string} */
                source: "status" | "header" | "body" | "body.json" | "body.size" | "redirects" | "http.version" | "duration" | "ip" | "phase.dns" | "phase.connect" | "phase.tls" | "phase.ttfb" | "phase.transfer" | "cert.daysLeft" | "cert.issuer" | "cert.subject" | "cert.san" | "cert.fingerprint" | "tls.version" | "tls.cipher" | "dns.rcode" | "dns.answers" | "dns.ttl" | "dns.flags" | "dns.status" | "loss";
                value?: (string | number | boolean | null) | (string | number | boolean | null)[];
            }[];
            /** @default [] */
            dependsOn: string[];
            /** @default true */
            enabled: boolean;
            icmp: {
                /** @default 3 */
                count: number;
                /**
                 * @default any
                 * @enum {string}
                 */
                ipFamily: "4" | "6" | "any";
                /** @default 0 */
                maxLossPercent: number;
            };
            /**
             * @description A duration between 1s and 24h
             * @default 30s
             * @example 1s
             */
            interval: string;
            key: string;
            /** @constant */
            kind: "icmp";
            /** @default {} */
            labels: {
                [key: string]: string;
            };
            name?: string;
            /**
             * @default [
             *       "*"
             *     ]
             */
            regions: ("*" | string)[];
            /** @default 0 */
            retries: number;
            target: string;
            /**
             * @description A duration between 10ms and 10m
             * @default 5s
             * @example 10ms
             */
            timeout: string;
        };
        CheckInput: {
            /** @default {} */
            alerts?: {
                certChange?: {
                    /** @default true */
                    enabled?: boolean;
                };
                /**
                 * @default [
                 *       "30d",
                 *       "14d",
                 *       "3d"
                 *     ]
                 */
                certExpiry?: string[] | {
                    /** @constant */
                    enabled: false;
                };
                /** @default [] */
                channels?: string[];
                dnsChange?: {
                    /** @default true */
                    enabled?: boolean;
                };
                dnssecExpiry?: {
                    /** @default true */
                    enabled?: boolean;
                };
                down?: {
                    /** @default true */
                    enabled?: boolean;
                };
                /** @default [] */
                escalate?: {
                    /**
                     * @description A duration between 1m and 30d
                     * @example 1m
                     */
                    after: string;
                    channels: string[];
                }[];
                /** @default 2 */
                failureThreshold?: number | {
                    failures: number;
                    of: number;
                };
                groupBy?: string;
                latency?: {
                    /**
                     * @description A duration between 1ms and 10m
                     * @example 1ms
                     */
                    above: string;
                    /**
                     * @default true
                     * @constant
                     */
                    enabled?: true;
                    /**
                     * @description A duration between 1m and 24h
                     * @example 1m
                     */
                    over: string;
                    percentile: number;
                } | {
                    /**
                     * @description A duration between 1ms and 10m
                     * @example 1ms
                     */
                    above?: string;
                    /** @constant */
                    enabled: false;
                    /**
                     * @description A duration between 1m and 24h
                     * @example 1m
                     */
                    over?: string;
                    percentile?: number;
                };
                /** @default 3 */
                noData?: number | {
                    /** @constant */
                    enabled: false;
                };
                /** @default majority */
                regions?: ("any" | "majority" | "all") | number;
                /**
                 * @description A duration between 1m and 30d
                 * @example 1m
                 */
                repeat?: string;
                /** @default 2 */
                successThreshold?: number;
            };
            /** @default [] */
            assertions?: {
                name?: string;
                /** @enum {string} */
                op: "eq" | "ne" | "lt" | "lte" | "gt" | "gte" | "in" | "contains" | "notContains" | "matches" | "notMatches" | "exists" | "notExists";
                path?: string;
                /** @enum {string} */
                source: "status" | "header" | "body" | "body.json" | "body.size" | "redirects" | "http.version" | "duration" | "ip" | "phase.dns" | "phase.connect" | "phase.tls" | "phase.ttfb" | "phase.transfer" | "cert.daysLeft" | "cert.issuer" | "cert.subject" | "cert.san" | "cert.fingerprint" | "tls.version" | "tls.cipher" | "dns.rcode" | "dns.answers" | "dns.ttl" | "dns.flags" | "dns.status" | "loss";
                value?: (string | number | boolean | null) | (string | number | boolean | null)[];
            }[];
            /** @default [] */
            dependsOn?: string[];
            /** @default true */
            enabled?: boolean;
            /** @default {} */
            http?: {
                auth?: {
                    basic?: {
                        password: string;
                        username: string;
                    };
                    bearer?: string;
                };
                body?: string;
                /** @default true */
                followRedirects?: boolean;
                /** @default {} */
                headers?: {
                    [key: string]: string;
                };
                /**
                 * @default auto
                 * @enum {string}
                 */
                httpVersion?: "2" | "auto" | "1.1";
                /**
                 * @default any
                 * @enum {string}
                 */
                ipFamily?: "4" | "6" | "any";
                /** @default 1048576 */
                maxBodyBytes?: number;
                /** @default 10 */
                maxRedirects?: number;
                /**
                 * @default GET
                 * @enum {string}
                 */
                method?: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS";
                resolvers?: string[];
                secretHeaders?: string[];
                /** @default {} */
                tls?: {
                    alpn?: string[];
                    caFile?: string;
                    caPem?: string;
                    certPem?: string;
                    /** @default false */
                    insecureSkipVerify?: boolean;
                    keyPem?: string;
                    /** @enum {string} */
                    maxVersion?: "TLSv1" | "TLSv1.1" | "TLSv1.2" | "TLSv1.3";
                    /**
                     * @default TLSv1.2
                     * @enum {string}
                     */
                    minVersion?: "TLSv1" | "TLSv1.1" | "TLSv1.2" | "TLSv1.3";
                    serverName?: string;
                };
            };
            /**
             * @description A duration between 1s and 24h
             * @default 30s
             * @example 1s
             */
            interval?: string;
            key: string;
            /** @constant */
            kind: "http";
            /** @default {} */
            labels?: {
                [key: string]: string;
            };
            name?: string;
            /**
             * @default [
             *       "*"
             *     ]
             */
            regions?: ("*" | string)[];
            /** @default 0 */
            retries?: number;
            target: string;
            /**
             * @description A duration between 10ms and 10m
             * @default 5s
             * @example 10ms
             */
            timeout?: string;
        } | {
            /** @default {} */
            alerts?: {
                certChange?: {
                    /** @default true */
                    enabled?: boolean;
                };
                /**
                 * @default [
                 *       "30d",
                 *       "14d",
                 *       "3d"
                 *     ]
                 */
                certExpiry?: string[] | {
                    /** @constant */
                    enabled: false;
                };
                /** @default [] */
                channels?: string[];
                dnsChange?: {
                    /** @default true */
                    enabled?: boolean;
                };
                dnssecExpiry?: {
                    /** @default true */
                    enabled?: boolean;
                };
                down?: {
                    /** @default true */
                    enabled?: boolean;
                };
                /** @default [] */
                escalate?: {
                    /**
                     * @description A duration between 1m and 30d
                     * @example 1m
                     */
                    after: string;
                    channels: string[];
                }[];
                /** @default 2 */
                failureThreshold?: number | {
                    failures: number;
                    of: number;
                };
                groupBy?: string;
                latency?: {
                    /**
                     * @description A duration between 1ms and 10m
                     * @example 1ms
                     */
                    above: string;
                    /**
                     * @default true
                     * @constant
                     */
                    enabled?: true;
                    /**
                     * @description A duration between 1m and 24h
                     * @example 1m
                     */
                    over: string;
                    percentile: number;
                } | {
                    /**
                     * @description A duration between 1ms and 10m
                     * @example 1ms
                     */
                    above?: string;
                    /** @constant */
                    enabled: false;
                    /**
                     * @description A duration between 1m and 24h
                     * @example 1m
                     */
                    over?: string;
                    percentile?: number;
                };
                /** @default 3 */
                noData?: number | {
                    /** @constant */
                    enabled: false;
                };
                /** @default majority */
                regions?: ("any" | "majority" | "all") | number;
                /**
                 * @description A duration between 1m and 30d
                 * @example 1m
                 */
                repeat?: string;
                /** @default 2 */
                successThreshold?: number;
            };
            /** @default [] */
            assertions?: {
                name?: string;
                /** @enum {string} */
                op: "eq" | "ne" | "lt" | "lte" | "gt" | "gte" | "in" | "contains" | "notContains" | "matches" | "notMatches" | "exists" | "notExists";
                path?: string;
                /** @enum {string} */
                source: "status" | "header" | "body" | "body.json" | "body.size" | "redirects" | "http.version" | "duration" | "ip" | "phase.dns" | "phase.connect" | "phase.tls" | "phase.ttfb" | "phase.transfer" | "cert.daysLeft" | "cert.issuer" | "cert.subject" | "cert.san" | "cert.fingerprint" | "tls.version" | "tls.cipher" | "dns.rcode" | "dns.answers" | "dns.ttl" | "dns.flags" | "dns.status" | "loss";
                value?: (string | number | boolean | null) | (string | number | boolean | null)[];
            }[];
            /** @default [] */
            dependsOn?: string[];
            /** @default true */
            enabled?: boolean;
            /**
             * @description A duration between 1s and 24h
             * @default 30s
             * @example 1s
             */
            interval?: string;
            key: string;
            /** @constant */
            kind: "tls";
            /** @default {} */
            labels?: {
                [key: string]: string;
            };
            name?: string;
            /**
             * @default [
             *       "*"
             *     ]
             */
            regions?: ("*" | string)[];
            /** @default 0 */
            retries?: number;
            target: string;
            /**
             * @description A duration between 10ms and 10m
             * @default 5s
             * @example 10ms
             */
            timeout?: string;
            /** @default {} */
            tls?: {
                alpn?: string[];
                caFile?: string;
                caPem?: string;
                certPem?: string;
                /** @default false */
                insecureSkipVerify?: boolean;
                /**
                 * @default any
                 * @enum {string}
                 */
                ipFamily?: "4" | "6" | "any";
                keyPem?: string;
                /** @enum {string} */
                maxVersion?: "TLSv1" | "TLSv1.1" | "TLSv1.2" | "TLSv1.3";
                /**
                 * @default TLSv1.2
                 * @enum {string}
                 */
                minVersion?: "TLSv1" | "TLSv1.1" | "TLSv1.2" | "TLSv1.3";
                resolvers?: string[];
                serverName?: string;
                /** @enum {string} */
                starttls?: "smtp" | "imap" | "pop3" | "ftp" | "ldap" | "postgres" | "mysql" | "xmpp";
            };
        } | {
            /** @default {} */
            alerts?: {
                certChange?: {
                    /** @default true */
                    enabled?: boolean;
                };
                /**
                 * @default [
                 *       "30d",
                 *       "14d",
                 *       "3d"
                 *     ]
                 */
                certExpiry?: string[] | {
                    /** @constant */
                    enabled: false;
                };
                /** @default [] */
                channels?: string[];
                dnsChange?: {
                    /** @default true */
                    enabled?: boolean;
                };
                dnssecExpiry?: {
                    /** @default true */
                    enabled?: boolean;
                };
                down?: {
                    /** @default true */
                    enabled?: boolean;
                };
                /** @default [] */
                escalate?: {
                    /**
                     * @description A duration between 1m and 30d
                     * @example 1m
                     */
                    after: string;
                    channels: string[];
                }[];
                /** @default 2 */
                failureThreshold?: number | {
                    failures: number;
                    of: number;
                };
                groupBy?: string;
                latency?: {
                    /**
                     * @description A duration between 1ms and 10m
                     * @example 1ms
                     */
                    above: string;
                    /**
                     * @default true
                     * @constant
                     */
                    enabled?: true;
                    /**
                     * @description A duration between 1m and 24h
                     * @example 1m
                     */
                    over: string;
                    percentile: number;
                } | {
                    /**
                     * @description A duration between 1ms and 10m
                     * @example 1ms
                     */
                    above?: string;
                    /** @constant */
                    enabled: false;
                    /**
                     * @description A duration between 1m and 24h
                     * @example 1m
                     */
                    over?: string;
                    percentile?: number;
                };
                /** @default 3 */
                noData?: number | {
                    /** @constant */
                    enabled: false;
                };
                /** @default majority */
                regions?: ("any" | "majority" | "all") | number;
                /**
                 * @description A duration between 1m and 30d
                 * @example 1m
                 */
                repeat?: string;
                /** @default 2 */
                successThreshold?: number;
            };
            /** @default [] */
            assertions?: {
                name?: string;
                /** @enum {string} */
                op: "eq" | "ne" | "lt" | "lte" | "gt" | "gte" | "in" | "contains" | "notContains" | "matches" | "notMatches" | "exists" | "notExists";
                path?: string;
                /** @enum {string} */
                source: "status" | "header" | "body" | "body.json" | "body.size" | "redirects" | "http.version" | "duration" | "ip" | "phase.dns" | "phase.connect" | "phase.tls" | "phase.ttfb" | "phase.transfer" | "cert.daysLeft" | "cert.issuer" | "cert.subject" | "cert.san" | "cert.fingerprint" | "tls.version" | "tls.cipher" | "dns.rcode" | "dns.answers" | "dns.ttl" | "dns.flags" | "dns.status" | "loss";
                value?: (string | number | boolean | null) | (string | number | boolean | null)[];
            }[];
            /** @default [] */
            dependsOn?: string[];
            /** @default {} */
            dns?: {
                /**
                 * @default off
                 * @enum {string}
                 */
                dnssec?: "off" | "report" | "require";
                /**
                 * @default A
                 * @example A
                 * @example AAAA
                 * @example AFSDB
                 * @example ANY
                 * @example APL
                 * @example CAA
                 * @example CDNSKEY
                 * @example CDS
                 * @example CERT
                 * @example CNAME
                 * @example CSYNC
                 * @example DHCID
                 * @example DLV
                 * @example DNAME
                 * @example DNSKEY
                 * @example DS
                 * @example EUI48
                 * @example EUI64
                 * @example HINFO
                 * @example HIP
                 * @example HTTPS
                 * @example IPSECKEY
                 * @example KEY
                 * @example KX
                 * @example LOC
                 * @example MX
                 * @example NAPTR
                 * @example NS
                 * @example NSEC
                 * @example NSEC3
                 * @example NSEC3PARAM
                 * @example NULL
                 * @example OPENPGPKEY
                 * @example PTR
                 * @example RP
                 * @example RRSIG
                 * @example SIG
                 * @example SMIMEA
                 * @example SOA
                 * @example SPF
                 * @example SRV
                 * @example SSHFP
                 * @example SVCB
                 * @example TA
                 * @example TLSA
                 * @example TXT
                 * @example URI
                 * @example ZONEMD
                 */
                recordType?: string;
                /** @default true */
                recursionDesired?: boolean;
                servers?: string[];
                /**
                 * @default [
                 *       ". DS 20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D",
                 *       ". DS 38696 8 2 683D2D0ACB8C9B712A1948B27F741219298D0A450D612C483AF444A4C0FB2B16"
                 *     ]
                 */
                trustAnchors?: string[];
                /**
                 * @default every
                 * @enum {string}
                 */
                verdict?: "every" | "any";
            };
            /** @default true */
            enabled?: boolean;
            /**
             * @description A duration between 1s and 24h
             * @default 30s
             * @example 1s
             */
            interval?: string;
            key: string;
            /** @constant */
            kind: "dns";
            /** @default {} */
            labels?: {
                [key: string]: string;
            };
            name?: string;
            /**
             * @default [
             *       "*"
             *     ]
             */
            regions?: ("*" | string)[];
            /** @default 0 */
            retries?: number;
            target: string;
            /**
             * @description A duration between 10ms and 10m
             * @default 5s
             * @example 10ms
             */
            timeout?: string;
        } | {
            /** @default {} */
            alerts?: {
                certChange?: {
                    /** @default true */
                    enabled?: boolean;
                };
                /**
                 * @default [
                 *       "30d",
                 *       "14d",
                 *       "3d"
                 *     ]
                 */
                certExpiry?: string[] | {
                    /** @constant */
                    enabled: false;
                };
                /** @default [] */
                channels?: string[];
                dnsChange?: {
                    /** @default true */
                    enabled?: boolean;
                };
                dnssecExpiry?: {
                    /** @default true */
                    enabled?: boolean;
                };
                down?: {
                    /** @default true */
                    enabled?: boolean;
                };
                /** @default [] */
                escalate?: {
                    /**
                     * @description A duration between 1m and 30d
                     * @example 1m
                     */
                    after: string;
                    channels: string[];
                }[];
                /** @default 2 */
                failureThreshold?: number | {
                    failures: number;
                    of: number;
                };
                groupBy?: string;
                latency?: {
                    /**
                     * @description A duration between 1ms and 10m
                     * @example 1ms
                     */
                    above: string;
                    /**
                     * @default true
                     * @constant
                     */
                    enabled?: true;
                    /**
                     * @description A duration between 1m and 24h
                     * @example 1m
                     */
                    over: string;
                    percentile: number;
                } | {
                    /**
                     * @description A duration between 1ms and 10m
                     * @example 1ms
                     */
                    above?: string;
                    /** @constant */
                    enabled: false;
                    /**
                     * @description A duration between 1m and 24h
                     * @example 1m
                     */
                    over?: string;
                    percentile?: number;
                };
                /** @default 3 */
                noData?: number | {
                    /** @constant */
                    enabled: false;
                };
                /** @default majority */
                regions?: ("any" | "majority" | "all") | number;
                /**
                 * @description A duration between 1m and 30d
                 * @example 1m
                 */
                repeat?: string;
                /** @default 2 */
                successThreshold?: number;
            };
            /** @default [] */
            assertions?: {
                name?: string;
                /** @enum {string} */
                op: "eq" | "ne" | "lt" | "lte" | "gt" | "gte" | "in" | "contains" | "notContains" | "matches" | "notMatches" | "exists" | "notExists";
                path?: string;
                /** @enum {string} */
                source: "status" | "header" | "body" | "body.json" | "body.size" | "redirects" | "http.version" | "duration" | "ip" | "phase.dns" | "phase.connect" | "phase.tls" | "phase.ttfb" | "phase.transfer" | "cert.daysLeft" | "cert.issuer" | "cert.subject" | "cert.san" | "cert.fingerprint" | "tls.version" | "tls.cipher" | "dns.rcode" | "dns.answers" | "dns.ttl" | "dns.flags" | "dns.status" | "loss";
                value?: (string | number | boolean | null) | (string | number | boolean | null)[];
            }[];
            /** @default [] */
            dependsOn?: string[];
            /** @default true */
            enabled?: boolean;
            /**
             * @description A duration between 1s and 24h
             * @default 30s
             * @example 1s
             */
            interval?: string;
            key: string;
            /** @constant */
            kind: "tcp";
            /** @default {} */
            labels?: {
                [key: string]: string;
            };
            name?: string;
            /**
             * @default [
             *       "*"
             *     ]
             */
            regions?: ("*" | string)[];
            /** @default 0 */
            retries?: number;
            target: string;
            /** @default {} */
            tcp?: {
                expect?: string;
                /**
                 * @default any
                 * @enum {string}
                 */
                ipFamily?: "4" | "6" | "any";
                resolvers?: string[];
                send?: string;
                tls?: {
                    alpn?: string[];
                    caFile?: string;
                    caPem?: string;
                    certPem?: string;
                    /** @default false */
                    insecureSkipVerify?: boolean;
                    keyPem?: string;
                    /** @enum {string} */
                    maxVersion?: "TLSv1" | "TLSv1.1" | "TLSv1.2" | "TLSv1.3";
                    /**
                     * @default TLSv1.2
                     * @enum {string}
                     */
                    minVersion?: "TLSv1" | "TLSv1.1" | "TLSv1.2" | "TLSv1.3";
                    serverName?: string;
                };
            };
            /**
             * @description A duration between 10ms and 10m
             * @default 5s
             * @example 10ms
             */
            timeout?: string;
        } | {
            /** @default {} */
            alerts?: {
                certChange?: {
                    /** @default true */
                    enabled?: boolean;
                };
                /**
                 * @default [
                 *       "30d",
                 *       "14d",
                 *       "3d"
                 *     ]
                 */
                certExpiry?: string[] | {
                    /** @constant */
                    enabled: false;
                };
                /** @default [] */
                channels?: string[];
                dnsChange?: {
                    /** @default true */
                    enabled?: boolean;
                };
                dnssecExpiry?: {
                    /** @default true */
                    enabled?: boolean;
                };
                down?: {
                    /** @default true */
                    enabled?: boolean;
                };
                /** @default [] */
                escalate?: {
                    /**
                     * @description A duration between 1m and 30d
                     * @example 1m
                     */
                    after: string;
                    channels: string[];
                }[];
                /** @default 2 */
                failureThreshold?: number | {
                    failures: number;
                    of: number;
                };
                groupBy?: string;
                latency?: {
                    /**
                     * @description A duration between 1ms and 10m
                     * @example 1ms
                     */
                    above: string;
                    /**
                     * @default true
                     * @constant
                     */
                    enabled?: true;
                    /**
                     * @description A duration between 1m and 24h
                     * @example 1m
                     */
                    over: string;
                    percentile: number;
                } | {
                    /**
                     * @description A duration between 1ms and 10m
                     * @example 1ms
                     */
                    above?: string;
                    /** @constant */
                    enabled: false;
                    /**
                     * @description A duration between 1m and 24h
                     * @example 1m
                     */
                    over?: string;
                    percentile?: number;
                };
                /** @default 3 */
                noData?: number | {
                    /** @constant */
                    enabled: false;
                };
                /** @default majority */
                regions?: ("any" | "majority" | "all") | number;
                /**
                 * @description A duration between 1m and 30d
                 * @example 1m
                 */
                repeat?: string;
                /** @default 2 */
                successThreshold?: number;
            };
            /** @default [] */
            assertions?: {
                name?: string;
                /** @enum {string} */
                op: "eq" | "ne" | "lt" | "lte" | "gt" | "gte" | "in" | "contains" | "notContains" | "matches" | "notMatches" | "exists" | "notExists";
                path?: string;
                /** @enum {string} */
                source: "status" | "header" | "body" | "body.json" | "body.size" | "redirects" | "http.version" | "duration" | "ip" | "phase.dns" | "phase.connect" | "phase.tls" | "phase.ttfb" | "phase.transfer" | "cert.daysLeft" | "cert.issuer" | "cert.subject" | "cert.san" | "cert.fingerprint" | "tls.version" | "tls.cipher" | "dns.rcode" | "dns.answers" | "dns.ttl" | "dns.flags" | "dns.status" | "loss";
                value?: (string | number | boolean | null) | (string | number | boolean | null)[];
            }[];
            /** @default [] */
            dependsOn?: string[];
            /** @default true */
            enabled?: boolean;
            /** @default {} */
            icmp?: {
                /** @default 3 */
                count?: number;
                /**
                 * @default any
                 * @enum {string}
                 */
                ipFamily?: "4" | "6" | "any";
                /** @default 0 */
                maxLossPercent?: number;
            };
            /**
             * @description A duration between 1s and 24h
             * @default 30s
             * @example 1s
             */
            interval?: string;
            key: string;
            /** @constant */
            kind: "icmp";
            /** @default {} */
            labels?: {
                [key: string]: string;
            };
            name?: string;
            /**
             * @default [
             *       "*"
             *     ]
             */
            regions?: ("*" | string)[];
            /** @default 0 */
            retries?: number;
            target: string;
            /**
             * @description A duration between 10ms and 10m
             * @default 5s
             * @example 10ms
             */
            timeout?: string;
        };
        Problem: {
            detail: string;
            /** @description Every field that is wrong */
            errors: {
                message: string;
                path: string;
            }[];
            /** @description What the log names the request by, as in x-request-id */
            requestId: string;
            status: number;
            title: string;
            type: string;
        };
        Result: {
            assertions: {
                actual: unknown;
                expected: unknown;
                name?: string;
                ok: boolean;
                op: string;
                path?: string;
                source: string;
            }[];
            attempts: number;
            checkKey: string;
            /** Format: date-time */
            detailSlot?: string;
            dns: {
                additionalCount: number;
                agree?: boolean | null;
                answerCount?: number;
                answers: {
                    data: string;
                    name: string;
                    ttl: number;
                    type: string;
                }[];
                authorityCount: number;
                flags: string[];
                rcode: string;
                serial?: number | null;
                server: string;
                servers?: {
                    durationMs: number;
                    error: {
                        code: string;
                        message: string;
                    } | null;
                    ip: string | null;
                    reply: {
                        additionalCount: number;
                        answerCount?: number;
                        answers: {
                            data: string;
                            name: string;
                            ttl: number;
                            type: string;
                        }[];
                        authorityCount: number;
                        flags: string[];
                        rcode: string;
                        serial?: number | null;
                        server: string;
                        signatureDaysLeft?: number | null;
                        signatureLifeDays?: number | null;
                        status?: ("secure" | "insecure" | "bogus" | "indeterminate") | null;
                        statusReason?: string | null;
                    } | null;
                    server: string;
                }[];
                signatureDaysLeft?: number | null;
                signatureLifeDays?: number | null;
                status?: ("secure" | "insecure" | "bogus" | "indeterminate") | null;
                statusReason?: string | null;
            } | null;
            durationMs: number;
            error: {
                cause: string;
                /** @enum {string} */
                code: "dns_nxdomain" | "dns_nodata" | "dns_servfail" | "dns_refused" | "dns_timeout" | "dns_malformed" | "dns_unreachable" | "dns_bogus" | "tcp_refused" | "tcp_reset" | "tcp_timeout" | "net_unreachable" | "egress_denied" | "tls_expired" | "tls_not_yet_valid" | "tls_hostname_mismatch" | "tls_self_signed" | "tls_untrusted_root" | "tls_incomplete_chain" | "tls_invalid_chain" | "tls_weak" | "tls_revoked" | "tls_protocol_version" | "tls_client_cert_required" | "tls_not_tls" | "tls_handshake_failed" | "tls_reset" | "tls_timeout" | "http_status" | "http_timeout" | "http_body_timeout" | "http_malformed" | "http_closed" | "http_reset" | "http_too_many_redirects" | "http_bad_redirect" | "http_decode" | "http_header_overflow" | "http_version" | "tcp_expect" | "tcp_closed" | "icmp_loss" | "icmp_unreachable" | "assertion_failed" | "no_worker" | "expired" | "worker_error";
                message: string;
                /** @enum {string} */
                phase: "dns" | "connect" | "tls" | "http" | "tcp" | "icmp" | "assertion" | "missed";
                remedy: string;
            } | null;
            http: {
                bodyBytes: number;
                bodyTruncated: boolean;
                finalUrl: string;
                headers: {
                    [key: string]: string;
                };
                redirects: {
                    ip: string | null;
                    location: string;
                    phases?: {
                        connectMs: number | null;
                        dnsMs: number | null;
                        tlsMs: number | null;
                        transferMs: number | null;
                        ttfbMs: number | null;
                    };
                    status: number;
                }[];
                status: number;
                version: string;
            } | null;
            /** @default null */
            icmp: {
                hopLimit: number | null;
                lossPercent: number;
                received: number;
                rttAvgMs: number | null;
                rttMaxMs: number | null;
                rttMinMs: number | null;
                rttStddevMs: number | null;
                sent: number;
            } | null;
            ip: string | null;
            ipFamily: (4 | 6) | null;
            /** @enum {string} */
            kind: "http" | "tls" | "dns" | "tcp" | "icmp";
            /** @enum {string} */
            outcome: "up" | "down" | "missed";
            phases: {
                connectMs: number | null;
                dnsMs: number | null;
                tlsMs: number | null;
                transferMs: number | null;
                ttfbMs: number | null;
            };
            region: string;
            /** Format: date-time */
            slot: string;
            startedAt: string | null;
            target: string;
            /** @default null */
            tcp: {
                received: string | null;
            } | null;
            /** @constant */
            timing?: "delayed";
            tls: {
                alpn: string | null;
                authorized: boolean;
                chain: {
                    issuer: string;
                    keyBits: number | null;
                    keyType: string;
                    notAfter: string;
                    notBefore: string;
                    san: string[];
                    serial: string;
                    sha256: string;
                    signature: string;
                    subject: string;
                }[];
                cipher: string;
                daysLeft: number | null;
                earliestExpiry: string | null;
                ocsp?: {
                    nextUpdate: string | null;
                    /** @enum {string} */
                    status: "good" | "revoked" | "unknown";
                    thisUpdate: string | null;
                } | null;
                serverName: string;
                version: string;
            } | null;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    createApply: {
        parameters: {
            query?: {
                /**
                 * @description Only says what there is to do
                 * @example true
                 */
                dryRun?: string;
                /** @description Of a plan that was shown: 409 when there is something else to do by now */
                hash?: string;
                /** @description Who manages what the document has; goes before the document's own */
                manager?: string;
                /**
                 * @description Deletes what an earlier document of the same manager had and this one has not
                 * @example false
                 */
                prune?: string;
                /** @description Takes what another manager has */
                takeOver?: string;
            };
            header?: {
                /**
                 * @description Done once: who asks again within a day has the same answer
                 * @example 8e03978e-40d5-43dd-bc93-6894a57f9324
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "defaults": {
                 *         "interval": "30s",
                 *         "labels": {
                 *           "team": "web"
                 *         }
                 *       },
                 *       "checks": [
                 *         {
                 *           "key": "shop-front",
                 *           "kind": "http",
                 *           "target": "https://shop.example/health"
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "plan": [
                     *         {
                     *           "section": "checks",
                     *           "key": "shop-front",
                     *           "action": "change",
                     *           "fields": [
                     *             "interval"
                     *           ],
                     *           "changes": [
                     *             {
                     *               "path": "interval",
                     *               "from": "1m",
                     *               "to": "30s"
                     *             }
                     *           ],
                     *           "adopts": false
                     *         }
                     *       ],
                     *       "hash": "b1d4a7f0c6e35d8a92b7c1f04e6d8a3b5c7e9f1a2b4c6d8e0f1a3b5c7d9e1f2a",
                     *       "warnings": []
                     *     }
                     */
                    "application/json": {
                        /** @description Sent back as ?hash=, it makes sure that this plan is what is carried out */
                        hash: string;
                        plan: {
                            /** @enum {string} */
                            action: "create" | "change" | "delete" | "unchanged";
                            /** @description It was made by hand, and is managed from now on */
                            adopts: boolean;
                            changes: {
                                /** @description Missing where the field comes to be */
                                from?: unknown;
                                /** @description The field, such as http.method or assertions[0].value */
                                path: string;
                                /**
                                 * @description It is a secret: only that it is another one is told
                                 * @enum {boolean}
                                 */
                                secret?: true;
                                /** @description Missing where the field goes */
                                to?: unknown;
                            }[];
                            /** @description The fields at the top of the document that differ */
                            fields: string[];
                            key: string;
                            /** @enum {string} */
                            section: "regions" | "channels" | "checks" | "maintenance";
                        }[];
                        warnings: {
                            message: string;
                            path: string;
                        }[];
                    };
                };
            };
            /** @description A field of the path, the query or the body is wrong */
            400: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no token, or one that is not known */
            401: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token may not do this */
            403: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It exists already, or is under way */
            409: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not what If-Match or If-None-Match expects */
            412: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the queue does not answer */
            503: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Any other problem */
            default: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listAudit: {
        parameters: {
            query?: {
                /** @description `create`, `change`, `delete`, `run`, `test`, `denied`, `erase` … */
                action?: string;
                cursor?: string;
                from?: string;
                /**
                 * @description Of the resource
                 * @example shop-front
                 */
                key?: string;
                limit?: number;
                /**
                 * @description `check`, `channel`, `token` …
                 * @example check
                 */
                resource?: string;
                to?: string;
                /** @description The id of the token that acted */
                token?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": 42,
                     *           "at": "2026-01-01T00:00:00.000Z",
                     *           "action": "change",
                     *           "resource": "check",
                     *           "key": "shop-front",
                     *           "token": "k3m7q2xa",
                     *           "hash": "b1d4a7f0c6e35d8a92b7c1f04e6d8a3b5c7e9f1a2b4c6d8e0f1a3b5c7d9e1f2a",
                     *           "detail": {
                     *             "name": "web team",
                     *             "address": "192.0.2.10",
                     *             "before": {
                     *               "interval": "1m"
                     *             },
                     *             "after": {
                     *               "interval": "30s"
                     *             }
                     *           }
                     *         }
                     *       ],
                     *       "nextCursor": null
                     *     }
                     */
                    "application/json": {
                        items: {
                            action: string;
                            /** Format: date-time */
                            at: string;
                            /** @description Name, address, route, and the document before and after without its secrets; null once it was erased */
                            detail: {
                                [key: string]: unknown;
                            } | null;
                            /** @description SHA-256 over the hash of the entry before and this one */
                            hash: string;
                            id: number;
                            key: string;
                            resource: string;
                            /** @description The id of the token that acted, `admin`, or the process that acted by itself */
                            token: string;
                        }[];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description A field of the path, the query or the body is wrong */
            400: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no token, or one that is not known */
            401: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token may not do this */
            403: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It exists already, or is under way */
            409: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not what If-Match or If-None-Match expects */
            412: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the queue does not answer */
            503: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Any other problem */
            default: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createAuditErase: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Done once: who asks again within a day has the same answer
                 * @example 8e03978e-40d5-43dd-bc93-6894a57f9324
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "token": "k3m7q2xa",
                 *       "before": "2026-01-01T00:00:00Z"
                 *     }
                 */
                "application/json": {
                    /** Format: date-time */
                    before?: string;
                    token?: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "erased": 12
                     *     }
                     */
                    "application/json": {
                        erased: number;
                    };
                };
            };
            /** @description A field of the path, the query or the body is wrong */
            400: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no token, or one that is not known */
            401: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token may not do this */
            403: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It exists already, or is under way */
            409: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not what If-Match or If-None-Match expects */
            412: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the queue does not answer */
            503: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Any other problem */
            default: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getAuditExport: {
        parameters: {
            query?: {
                /**
                 * @description The id of the last entry that is at hand
                 * @example 41
                 */
                after?: number;
                /** @description How many entries at most */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /** @example {"id":42,"at":"2026-01-01T00:00:00.000Z","action":"change","resource":"check","key":"shop-front","token":"k3m7q2xa","hash":"b1d4a7f0c6e35d8a92b7c1f04e6d8a3b5c7e9f1a2b4c6d8e0f1a3b5c7d9e1f2a","detail":{"name":"web team","address":"192.0.2.10","before":{"interval":"1m"},"after":{"interval":"30s"}}} */
                    "application/x-ndjson": string;
                };
            };
            /** @description A field of the path, the query or the body is wrong */
            400: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no token, or one that is not known */
            401: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token may not do this */
            403: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It exists already, or is under way */
            409: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not what If-Match or If-None-Match expects */
            412: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the queue does not answer */
            503: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Any other problem */
            default: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listCertificates: {
        parameters: {
            query?: {
                /** @example shop-front */
                check?: string;
                /**
                 * @description `true` leaves out what is not part of any chain that was seen last
                 * @example true
                 */
                current?: string;
                cursor?: string;
                /** @example 2026-02-01T00:00:00Z */
                expiresBefore?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "sha256": "b1d4a7f0c6e35d8a92b7c1f04e6d8a3b5c7e9f1a2b4c6d8e0f1a3b5c7d9e1f2a",
                     *           "subject": "CN=shop.example",
                     *           "issuer": "C=US, O=Example Trust, CN=Example CA 1",
                     *           "serial": "04a1b2c3",
                     *           "notBefore": "2025-12-01T00:00:00.000Z",
                     *           "notAfter": "2026-03-01T00:00:00.000Z",
                     *           "daysLeft": 58.3,
                     *           "san": [
                     *             "shop.example",
                     *             "www.shop.example"
                     *           ],
                     *           "keyType": "ec",
                     *           "keyBits": 256,
                     *           "signature": "ecdsa-with-SHA256",
                     *           "firstSeen": "2025-12-01T09:00:00.000Z",
                     *           "lastSeen": "2026-01-01T00:00:30.000Z",
                     *           "seenByCount": 1,
                     *           "seenBy": [
                     *             {
                     *               "checkKey": "shop-front",
                     *               "region": "eu-west",
                     *               "position": 0,
                     *               "current": true,
                     *               "firstSeen": "2025-12-01T09:00:00.000Z",
                     *               "lastSeen": "2026-01-01T00:00:30.000Z"
                     *             }
                     *           ]
                     *         }
                     *       ],
                     *       "nextCursor": null
                     *     }
                     */
                    "application/json": {
                        items: {
                            daysLeft: number;
                            /** Format: date-time */
                            firstSeen: string;
                            issuer: string;
                            keyBits: number | null;
                            keyType: string;
                            /** Format: date-time */
                            lastSeen: string;
                            /** Format: date-time */
                            notAfter: string;
                            /** Format: date-time */
                            notBefore: string;
                            san: string[];
                            seenBy: {
                                checkKey: string;
                                /** @description Whether it is part of the chain that was seen last */
                                current: boolean;
                                /** Format: date-time */
                                firstSeen: string;
                                /** Format: date-time */
                                lastSeen: string;
                                /** @description In the chain as it was sent: 0 is the leaf */
                                position: number;
                                region: string;
                            }[];
                            /** @description How many checks and regions saw it; with `check`, those of that check */
                            seenByCount: number;
                            serial: string;
                            sha256: string;
                            signature: string;
                            subject: string;
                        }[];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description A field of the path, the query or the body is wrong */
            400: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no token, or one that is not known */
            401: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token may not do this */
            403: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It exists already, or is under way */
            409: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not what If-Match or If-None-Match expects */
            412: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the queue does not answer */
            503: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Any other problem */
            default: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listChannels: {
        parameters: {
            query?: {
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "key": "ops",
                     *           "enabled": true,
                     *           "kind": "webhook",
                     *           "webhook": {
                     *             "url": "https://hooks.example/sonde",
                     *             "secret": "sealed:v1:5f2c9a1b:mB3xUe0aRr8",
                     *             "headers": {}
                     *           }
                     *         }
                     *       ],
                     *       "nextCursor": null
                     *     }
                     */
                    "application/json": {
                        items: components["schemas"]["Channel"][];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description A field of the path, the query or the body is wrong */
            400: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no token, or one that is not known */
            401: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token may not do this */
            403: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It exists already, or is under way */
            409: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not what If-Match or If-None-Match expects */
            412: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the queue does not answer */
            503: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Any other problem */
            default: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createChannel: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Done once: who asks again within a day has the same answer
                 * @example 8e03978e-40d5-43dd-bc93-6894a57f9324
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "key": "ops",
                 *       "kind": "webhook",
                 *       "webhook": {
                 *         "url": "https://hooks.example/sonde",
                 *         "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["ChannelInput"];
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    /**
                     * @description Names this state of the document, for If-Match and If-None-Match
                     * @example "42"
                     */
                    etag?: string;
                    /** @description Where it is */
                    location?: string;
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "key": "ops",
                     *       "enabled": true,
                     *       "kind": "webhook",
                     *       "webhook": {
                     *         "url": "https://hooks.example/sonde",
                     *         "secret": "sealed:v1:5f2c9a1b:mB3xUe0aRr8",
                     *         "headers": {}
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Channel"];
                };
            };
            /** @description A field of the path, the query or the body is wrong */
            400: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no token, or one that is not known */
            401: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token may not do this */
            403: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It exists already, or is under way */
            409: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not what If-Match or If-None-Match expects */
            412: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the queue does not answer */
            503: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Any other problem */
            default: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getChannel: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description 304 if it is in this state still
                 * @example "42"
                 */
                "If-None-Match"?: string;
            };
            path: {
                /** @example ops */
                key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /**
                     * @description Names this state of the document, for If-Match and If-None-Match
                     * @example "42"
                     */
                    etag?: string;
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "key": "ops",
                     *       "enabled": true,
                     *       "kind": "webhook",
                     *       "webhook": {
                     *         "url": "https://hooks.example/sonde",
                     *         "secret": "sealed:v1:5f2c9a1b:mB3xUe0aRr8",
                     *         "headers": {}
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Channel"];
                };
            };
            /** @description The reader has this state already */
            304: {
                headers: {
                    /**
                     * @description Names this state of the document, for If-Match and If-None-Match
                     * @example "42"
                     */
                    etag?: string;
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A field of the path, the query or the body is wrong */
            400: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no token, or one that is not known */
            401: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token may not do this */
            403: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It exists already, or is under way */
            409: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not what If-Match or If-None-Match expects */
            412: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the queue does not answer */
            503: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Any other problem */
            default: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    putChannel: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Only if the document is in this state still; 412 otherwise
                 * @example "42"
                 */
                "If-Match"?: string;
                /**
                 * @description `*`: only if there is none yet
                 * @example *
                 */
                "If-None-Match"?: string;
            };
            path: {
                /** @example ops */
                key: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "key": "ops",
                 *       "kind": "webhook",
                 *       "webhook": {
                 *         "url": "https://hooks.example/sonde",
                 *         "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["ChannelInput"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /**
                     * @description Names this state of the document, for If-Match and If-None-Match
                     * @example "42"
                     */
                    etag?: string;
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "key": "ops",
                     *       "enabled": true,
                     *       "kind": "webhook",
                     *       "webhook": {
                     *         "url": "https://hooks.example/sonde",
                     *         "secret": "sealed:v1:5f2c9a1b:mB3xUe0aRr8",
                     *         "headers": {}
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Channel"];
                };
            };
            /** @description Made */
            201: {
                headers: {
                    /**
                     * @description Names this state of the document, for If-Match and If-None-Match
                     * @example "42"
                     */
                    etag?: string;
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "key": "ops",
                     *       "enabled": true,
                     *       "kind": "webhook",
                     *       "webhook": {
                     *         "url": "https://hooks.example/sonde",
                     *         "secret": "sealed:v1:5f2c9a1b:mB3xUe0aRr8",
                     *         "headers": {}
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Channel"];
                };
            };
            /** @description A field of the path, the query or the body is wrong */
            400: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no token, or one that is not known */
            401: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token may not do this */
            403: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It exists already, or is under way */
            409: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not what If-Match or If-None-Match expects */
            412: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the queue does not answer */
            503: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Any other problem */
            default: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteChannel: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Only if the document is in this state still; 412 otherwise
                 * @example "42"
                 */
                "If-Match"?: string;
            };
            path: {
                /** @example ops */
                key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; there is nothing to say */
            204: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A field of the path, the query or the body is wrong */
            400: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no token, or one that is not known */
            401: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token may not do this */
            403: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It exists already, or is under way */
            409: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not what If-Match or If-None-Match expects */
            412: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the queue does not answer */
            503: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Any other problem */
            default: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    patchChannel: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Only if the document is in this state still; 412 otherwise
                 * @example "42"
                 */
                "If-Match"?: string;
            };
            path: {
                /** @example ops */
                key: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "enabled": false
                 *     }
                 */
                "application/json": {
                    [key: string]: unknown;
                };
                /**
                 * @example {
                 *       "enabled": false
                 *     }
                 */
                "application/merge-patch+json": {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /**
                     * @description Names this state of the document, for If-Match and If-None-Match
                     * @example "42"
                     */
                    etag?: string;
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "key": "ops",
                     *       "enabled": false,
                     *       "kind": "webhook",
                     *       "webhook": {
                     *         "url": "https://hooks.example/sonde",
                     *         "secret": "sealed:v1:5f2c9a1b:mB3xUe0aRr8",
                     *         "headers": {}
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Channel"];
                };
            };
            /** @description A field of the path, the query or the body is wrong */
            400: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no token, or one that is not known */
            401: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token may not do this */
            403: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It exists already, or is under way */
            409: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not what If-Match or If-None-Match expects */
            412: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the queue does not answer */
            503: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Any other problem */
            default: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createChannelEnable: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Done once: who asks again within a day has the same answer
                 * @example 8e03978e-40d5-43dd-bc93-6894a57f9324
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @example ops */
                key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "refused": null,
                     *       "pending": 0,
                     *       "dead": 0,
                     *       "waitingSince": null,
                     *       "lastSentAt": "2026-01-01T00:01:01.250Z",
                     *       "lastError": null
                     *     }
                     */
                    "application/json": {
                        dead: number;
                        lastError: string | null;
                        lastSentAt: string | null;
                        pending: number;
                        refused: string | null;
                        waitingSince: string | null;
                    };
                };
            };
            /** @description A field of the path, the query or the body is wrong */
            400: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no token, or one that is not known */
            401: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token may not do this */
            403: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It exists already, or is under way */
            409: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not what If-Match or If-None-Match expects */
            412: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the queue does not answer */
            503: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Any other problem */
            default: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getChannelHealth: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example ops */
                key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "refused": null,
                     *       "pending": 0,
                     *       "dead": 0,
                     *       "waitingSince": null,
                     *       "lastSentAt": "2026-01-01T00:01:01.250Z",
                     *       "lastError": null
                     *     }
                     */
                    "application/json": {
                        dead: number;
                        lastError: string | null;
                        lastSentAt: string | null;
                        pending: number;
                        refused: string | null;
                        waitingSince: string | null;
                    };
                };
            };
            /** @description A field of the path, the query or the body is wrong */
            400: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no token, or one that is not known */
            401: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token may not do this */
            403: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It exists already, or is under way */
            409: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not what If-Match or If-None-Match expects */
            412: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the queue does not answer */
            503: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Any other problem */
            default: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createChannelReplay: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Done once: who asks again within a day has the same answer
                 * @example 8e03978e-40d5-43dd-bc93-6894a57f9324
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @example ops */
                key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "replayed": 3
                     *     }
                     */
                    "application/json": {
                        replayed: number;
                    };
                };
            };
            /** @description A field of the path, the query or the body is wrong */
            400: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no token, or one that is not known */
            401: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token may not do this */
            403: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It exists already, or is under way */
            409: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not what If-Match or If-None-Match expects */
            412: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the queue does not answer */
            503: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Any other problem */
            default: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createChannelTest: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Done once: who asks again within a day has the same answer
                 * @example 8e03978e-40d5-43dd-bc93-6894a57f9324
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @example ops */
                key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "delivered": true
                     *     }
                     */
                    "application/json": {
                        /** @enum {boolean} */
                        delivered: true;
                    };
                };
            };
            /** @description A field of the path, the query or the body is wrong */
            400: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no token, or one that is not known */
            401: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token may not do this */
            403: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It exists already, or is under way */
            409: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not what If-Match or If-None-Match expects */
            412: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The other side did not take it */
            502: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the queue does not answer */
            503: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Any other problem */
            default: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listChecks: {
        parameters: {
            query?: {
                cursor?: string;
                /** @example http */
                kind?: "http" | "tls" | "dns" | "tcp" | "icmp";
                /** @example team:web */
                label?: string | string[];
                /** @example 100 */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "key": "shop-front",
                     *           "name": "Shop front",
                     *           "interval": "30s",
                     *           "timeout": "5s",
                     *           "regions": [
                     *             "*"
                     *           ],
                     *           "enabled": true,
                     *           "labels": {
                     *             "team": "web"
                     *           },
                     *           "retries": 0,
                     *           "assertions": [
                     *             {
                     *               "source": "status",
                     *               "op": "in",
                     *               "value": [
                     *                 "2xx"
                     *               ]
                     *             },
                     *             {
                     *               "source": "body.json",
                     *               "path": "$.status",
                     *               "op": "eq",
                     *               "value": "ok"
                     *             },
                     *             {
                     *               "source": "duration",
                     *               "op": "lt",
                     *               "value": "800ms"
                     *             }
                     *           ],
                     *           "alerts": {
                     *             "failureThreshold": 2,
                     *             "successThreshold": 2,
                     *             "regions": "majority",
                     *             "certExpiry": [
                     *               "30d",
                     *               "14d",
                     *               "3d"
                     *             ],
                     *             "noData": 3,
                     *             "channels": [
                     *               "ops"
                     *             ],
                     *             "escalate": []
                     *           },
                     *           "dependsOn": [],
                     *           "kind": "http",
                     *           "target": "https://shop.example/health",
                     *           "http": {
                     *             "method": "GET",
                     *             "headers": {},
                     *             "followRedirects": true,
                     *             "maxRedirects": 10,
                     *             "httpVersion": "auto",
                     *             "ipFamily": "any",
                     *             "maxBodyBytes": 1048576,
                     *             "tls": {
                     *               "minVersion": "TLSv1.2",
                     *               "insecureSkipVerify": false
                     *             }
                     *           }
                     *         }
                     *       ],
                     *       "nextCursor": "InNob3AtZnJvbnQi"
                     *     }
                     */
                    "application/json": {
                        items: components["schemas"]["Check"][];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description A field of the path, the query or the body is wrong */
            400: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no token, or one that is not known */
            401: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token may not do this */
            403: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It exists already, or is under way */
            409: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not what If-Match or If-None-Match expects */
            412: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the queue does not answer */
            503: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Any other problem */
            default: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createCheck: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Done once: who asks again within a day has the same answer
                 * @example 8e03978e-40d5-43dd-bc93-6894a57f9324
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "key": "shop-front",
                 *       "name": "Shop front",
                 *       "kind": "http",
                 *       "target": "https://shop.example/health",
                 *       "interval": "30s",
                 *       "labels": {
                 *         "team": "web"
                 *       },
                 *       "assertions": [
                 *         {
                 *           "source": "status",
                 *           "op": "in",
                 *           "value": [
                 *             "2xx"
                 *           ]
                 *         },
                 *         {
                 *           "source": "body.json",
                 *           "path": "$.status",
                 *           "op": "eq",
                 *           "value": "ok"
                 *         },
                 *         {
                 *           "source": "duration",
                 *           "op": "lt",
                 *           "value": "800ms"
                 *         }
                 *       ],
                 *       "alerts": {
                 *         "channels": [
                 *           "ops"
                 *         ]
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["CheckInput"];
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    /**
                     * @description Names this state of the document, for If-Match and If-None-Match
                     * @example "42"
                     */
                    etag?: string;
                    /** @description Where it is */
                    location?: string;
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "key": "shop-front",
                     *       "name": "Shop front",
                     *       "interval": "30s",
                     *       "timeout": "5s",
                     *       "regions": [
                     *         "*"
                     *       ],
                     *       "enabled": true,
                     *       "labels": {
                     *         "team": "web"
                     *       },
                     *       "retries": 0,
                     *       "assertions": [
                     *         {
                     *           "source": "status",
                     *           "op": "in",
                     *           "value": [
                     *             "2xx"
                     *           ]
                     *         },
                     *         {
                     *           "source": "body.json",
                     *           "path": "$.status",
                     *           "op": "eq",
                     *           "value": "ok"
                     *         },
                     *         {
                     *           "source": "duration",
                     *           "op": "lt",
                     *           "value": "800ms"
                     *         }
                     *       ],
                     *       "alerts": {
                     *         "failureThreshold": 2,
                     *         "successThreshold": 2,
                     *         "regions": "majority",
                     *         "certExpiry": [
                     *           "30d",
                     *           "14d",
                     *           "3d"
                     *         ],
                     *         "noData": 3,
                     *         "channels": [
                     *           "ops"
                     *         ],
                     *         "escalate": []
                     *       },
                     *       "dependsOn": [],
                     *       "kind": "http",
                     *       "target": "https://shop.example/health",
                     *       "http": {
                     *         "method": "GET",
                     *         "headers": {},
                     *         "followRedirects": true,
                     *         "maxRedirects": 10,
                     *         "httpVersion": "auto",
                     *         "ipFamily": "any",
                     *         "maxBodyBytes": 1048576,
                     *         "tls": {
                     *           "minVersion": "TLSv1.2",
                     *           "insecureSkipVerify": false
                     *         }
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Check"];
                };
            };
            /** @description A field of the path, the query or the body is wrong */
            400: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no token, or one that is not known */
            401: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token may not do this */
            403: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It exists already, or is under way */
            409: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not what If-Match or If-None-Match expects */
            412: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the queue does not answer */
            503: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Any other problem */
            default: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getCheck: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description 304 if it is in this state still
                 * @example "42"
                 */
                "If-None-Match"?: string;
            };
            path: {
                /** @example shop-front */
                key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /**
                     * @description Names this state of the document, for If-Match and If-None-Match
                     * @example "42"
                     */
                    etag?: string;
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "key": "shop-front",
                     *       "name": "Shop front",
                     *       "interval": "30s",
                     *       "timeout": "5s",
                     *       "regions": [
                     *         "*"
                     *       ],
                     *       "enabled": true,
                     *       "labels": {
                     *         "team": "web"
                     *       },
                     *       "retries": 0,
                     *       "assertions": [
                     *         {
                     *           "source": "status",
                     *           "op": "in",
                     *           "value": [
                     *             "2xx"
                     *           ]
                     *         },
                     *         {
                     *           "source": "body.json",
                     *           "path": "$.status",
                     *           "op": "eq",
                     *           "value": "ok"
                     *         },
                     *         {
                     *           "source": "duration",
                     *           "op": "lt",
                     *           "value": "800ms"
                     *         }
                     *       ],
                     *       "alerts": {
                     *         "failureThreshold": 2,
                     *         "successThreshold": 2,
                     *         "regions": "majority",
                     *         "certExpiry": [
                     *           "30d",
                     *           "14d",
                     *           "3d"
                     *         ],
                     *         "noData": 3,
                     *         "channels": [
                     *           "ops"
                     *         ],
                     *         "escalate": []
                     *       },
                     *       "dependsOn": [],
                     *       "kind": "http",
                     *       "target": "https://shop.example/health",
                     *       "http": {
                     *         "method": "GET",
                     *         "headers": {},
                     *         "followRedirects": true,
                     *         "maxRedirects": 10,
                     *         "httpVersion": "auto",
                     *         "ipFamily": "any",
                     *         "maxBodyBytes": 1048576,
                     *         "tls": {
                     *           "minVersion": "TLSv1.2",
                     *           "insecureSkipVerify": false
                     *         }
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Check"];
                };
            };
            /** @description The reader has this state already */
            304: {
                headers: {
                    /**
                     * @description Names this state of the document, for If-Match and If-None-Match
                     * @example "42"
                     */
                    etag?: string;
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A field of the path, the query or the body is wrong */
            400: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no token, or one that is not known */
            401: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token may not do this */
            403: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It exists already, or is under way */
            409: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not what If-Match or If-None-Match expects */
            412: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the queue does not answer */
            503: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Any other problem */
            default: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    putCheck: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Only if the document is in this state still; 412 otherwise
                 * @example "42"
                 */
                "If-Match"?: string;
                /**
                 * @description `*`: only if there is none yet
                 * @example *
                 */
                "If-None-Match"?: string;
            };
            path: {
                /** @example shop-front */
                key: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "key": "shop-front",
                 *       "name": "Shop front",
                 *       "kind": "http",
                 *       "target": "https://shop.example/health",
                 *       "interval": "30s",
                 *       "labels": {
                 *         "team": "web"
                 *       },
                 *       "assertions": [
                 *         {
                 *           "source": "status",
                 *           "op": "in",
                 *           "value": [
                 *             "2xx"
                 *           ]
                 *         },
                 *         {
                 *           "source": "body.json",
                 *           "path": "$.status",
                 *           "op": "eq",
                 *           "value": "ok"
                 *         },
                 *         {
                 *           "source": "duration",
                 *           "op": "lt",
                 *           "value": "800ms"
                 *         }
                 *       ],
                 *       "alerts": {
                 *         "channels": [
                 *           "ops"
                 *         ]
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["CheckInput"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /**
                     * @description Names this state of the document, for If-Match and If-None-Match
                     * @example "42"
                     */
                    etag?: string;
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "key": "shop-front",
                     *       "name": "Shop front",
                     *       "interval": "30s",
                     *       "timeout": "5s",
                     *       "regions": [
                     *         "*"
                     *       ],
                     *       "enabled": true,
                     *       "labels": {
                     *         "team": "web"
                     *       },
                     *       "retries": 0,
                     *       "assertions": [
                     *         {
                     *           "source": "status",
                     *           "op": "in",
                     *           "value": [
                     *             "2xx"
                     *           ]
                     *         },
                     *         {
                     *           "source": "body.json",
                     *           "path": "$.status",
                     *           "op": "eq",
                     *           "value": "ok"
                     *         },
                     *         {
                     *           "source": "duration",
                     *           "op": "lt",
                     *           "value": "800ms"
                     *         }
                     *       ],
                     *       "alerts": {
                     *         "failureThreshold": 2,
                     *         "successThreshold": 2,
                     *         "regions": "majority",
                     *         "certExpiry": [
                     *           "30d",
                     *           "14d",
                     *           "3d"
                     *         ],
                     *         "noData": 3,
                     *         "channels": [
                     *           "ops"
                     *         ],
                     *         "escalate": []
                     *       },
                     *       "dependsOn": [],
                     *       "kind": "http",
                     *       "target": "https://shop.example/health",
                     *       "http": {
                     *         "method": "GET",
                     *         "headers": {},
                     *         "followRedirects": true,
                     *         "maxRedirects": 10,
                     *         "httpVersion": "auto",
                     *         "ipFamily": "any",
                     *         "maxBodyBytes": 1048576,
                     *         "tls": {
                     *           "minVersion": "TLSv1.2",
                     *           "insecureSkipVerify": false
                     *         }
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Check"];
                };
            };
            /** @description Made */
            201: {
                headers: {
                    /**
                     * @description Names this state of the document, for If-Match and If-None-Match
                     * @example "42"
                     */
                    etag?: string;
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "key": "shop-front",
                     *       "name": "Shop front",
                     *       "interval": "30s",
                     *       "timeout": "5s",
                     *       "regions": [
                     *         "*"
                     *       ],
                     *       "enabled": true,
                     *       "labels": {
                     *         "team": "web"
                     *       },
                     *       "retries": 0,
                     *       "assertions": [
                     *         {
                     *           "source": "status",
                     *           "op": "in",
                     *           "value": [
                     *             "2xx"
                     *           ]
                     *         },
                     *         {
                     *           "source": "body.json",
                     *           "path": "$.status",
                     *           "op": "eq",
                     *           "value": "ok"
                     *         },
                     *         {
                     *           "source": "duration",
                     *           "op": "lt",
                     *           "value": "800ms"
                     *         }
                     *       ],
                     *       "alerts": {
                     *         "failureThreshold": 2,
                     *         "successThreshold": 2,
                     *         "regions": "majority",
                     *         "certExpiry": [
                     *           "30d",
                     *           "14d",
                     *           "3d"
                     *         ],
                     *         "noData": 3,
                     *         "channels": [
                     *           "ops"
                     *         ],
                     *         "escalate": []
                     *       },
                     *       "dependsOn": [],
                     *       "kind": "http",
                     *       "target": "https://shop.example/health",
                     *       "http": {
                     *         "method": "GET",
                     *         "headers": {},
                     *         "followRedirects": true,
                     *         "maxRedirects": 10,
                     *         "httpVersion": "auto",
                     *         "ipFamily": "any",
                     *         "maxBodyBytes": 1048576,
                     *         "tls": {
                     *           "minVersion": "TLSv1.2",
                     *           "insecureSkipVerify": false
                     *         }
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Check"];
                };
            };
            /** @description A field of the path, the query or the body is wrong */
            400: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no token, or one that is not known */
            401: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token may not do this */
            403: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It exists already, or is under way */
            409: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not what If-Match or If-None-Match expects */
            412: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the queue does not answer */
            503: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Any other problem */
            default: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteCheck: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Only if the document is in this state still; 412 otherwise
                 * @example "42"
                 */
                "If-Match"?: string;
            };
            path: {
                /** @example shop-front */
                key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; there is nothing to say */
            204: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A field of the path, the query or the body is wrong */
            400: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no token, or one that is not known */
            401: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token may not do this */
            403: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It exists already, or is under way */
            409: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not what If-Match or If-None-Match expects */
            412: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the queue does not answer */
            503: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Any other problem */
            default: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    patchCheck: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Only if the document is in this state still; 412 otherwise
                 * @example "42"
                 */
                "If-Match"?: string;
            };
            path: {
                /** @example shop-front */
                key: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "interval": "1m",
                 *       "labels": {
                 *         "tier": "edge"
                 *       },
                 *       "name": null
                 *     }
                 */
                "application/json": {
                    [key: string]: unknown;
                };
                /**
                 * @example {
                 *       "interval": "1m",
                 *       "labels": {
                 *         "tier": "edge"
                 *       },
                 *       "name": null
                 *     }
                 */
                "application/merge-patch+json": {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /**
                     * @description Names this state of the document, for If-Match and If-None-Match
                     * @example "42"
                     */
                    etag?: string;
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "key": "shop-front",
                     *       "interval": "1m",
                     *       "timeout": "5s",
                     *       "regions": [
                     *         "*"
                     *       ],
                     *       "enabled": true,
                     *       "labels": {
                     *         "team": "web",
                     *         "tier": "edge"
                     *       },
                     *       "retries": 0,
                     *       "assertions": [
                     *         {
                     *           "source": "status",
                     *           "op": "in",
                     *           "value": [
                     *             "2xx"
                     *           ]
                     *         },
                     *         {
                     *           "source": "body.json",
                     *           "path": "$.status",
                     *           "op": "eq",
                     *           "value": "ok"
                     *         },
                     *         {
                     *           "source": "duration",
                     *           "op": "lt",
                     *           "value": "800ms"
                     *         }
                     *       ],
                     *       "alerts": {
                     *         "failureThreshold": 2,
                     *         "successThreshold": 2,
                     *         "regions": "majority",
                     *         "certExpiry": [
                     *           "30d",
                     *           "14d",
                     *           "3d"
                     *         ],
                     *         "noData": 3,
                     *         "channels": [
                     *           "ops"
                     *         ],
                     *         "escalate": []
                     *       },
                     *       "dependsOn": [],
                     *       "kind": "http",
                     *       "target": "https://shop.example/health",
                     *       "http": {
                     *         "method": "GET",
                     *         "headers": {},
                     *         "followRedirects": true,
                     *         "maxRedirects": 10,
                     *         "httpVersion": "auto",
                     *         "ipFamily": "any",
                     *         "maxBodyBytes": 1048576,
                     *         "tls": {
                     *           "minVersion": "TLSv1.2",
                     *           "insecureSkipVerify": false
                     *         }
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Check"];
                };
            };
            /** @description A field of the path, the query or the body is wrong */
            400: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no token, or one that is not known */
            401: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token may not do this */
            403: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It exists already, or is under way */
            409: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not what If-Match or If-None-Match expects */
            412: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the queue does not answer */
            503: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Any other problem */
            default: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listCheckResults: {
        parameters: {
            query?: {
                cursor?: string;
                /** @example 2026-01-01T00:00:00Z */
                from?: string;
                limit?: number;
                /** @example up */
                outcome?: "up" | "down" | "missed";
                /** @example eu-west */
                region?: string;
                /** @example 2026-01-02T00:00:00Z */
                to?: string;
            };
            header?: never;
            path: {
                /** @example shop-front */
                key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "checkKey": "shop-front",
                     *           "region": "eu-west",
                     *           "kind": "http",
                     *           "target": "https://shop.example/health",
                     *           "slot": "2026-01-01T00:00:30.000Z",
                     *           "startedAt": "2026-01-01T00:00:30.001Z",
                     *           "outcome": "up",
                     *           "durationMs": 83.1,
                     *           "attempts": 1,
                     *           "ip": "192.0.2.7",
                     *           "ipFamily": 4,
                     *           "phases": {
                     *             "dnsMs": 3.2,
                     *             "connectMs": 12,
                     *             "tlsMs": 25.3,
                     *             "ttfbMs": 40.1,
                     *             "transferMs": 2.5
                     *           },
                     *           "error": null,
                     *           "assertions": [
                     *             {
                     *               "source": "status",
                     *               "op": "in",
                     *               "expected": [
                     *                 "2xx"
                     *               ],
                     *               "actual": 200,
                     *               "ok": true
                     *             }
                     *           ],
                     *           "http": {
                     *             "status": 200,
                     *             "version": "2",
                     *             "redirects": [],
                     *             "headers": {
                     *               "content-type": "application/json"
                     *             },
                     *             "bodyBytes": 512,
                     *             "bodyTruncated": false,
                     *             "finalUrl": "https://shop.example/health"
                     *           },
                     *           "tls": null,
                     *           "dns": null,
                     *           "tcp": null,
                     *           "icmp": null
                     *         }
                     *       ],
                     *       "nextCursor": null
                     *     }
                     */
                    "application/json": {
                        items: components["schemas"]["Result"][];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description A field of the path, the query or the body is wrong */
            400: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no token, or one that is not known */
            401: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token may not do this */
            403: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It exists already, or is under way */
            409: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not what If-Match or If-None-Match expects */
            412: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the queue does not answer */
            503: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Any other problem */
            default: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createCheckRun: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Done once: who asks again within a day has the same answer
                 * @example 8e03978e-40d5-43dd-bc93-6894a57f9324
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @example shop-front */
                key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "results": [
                     *         {
                     *           "checkKey": "shop-front",
                     *           "region": "eu-west",
                     *           "kind": "http",
                     *           "target": "https://shop.example/health",
                     *           "slot": "2026-01-01T00:00:30.000Z",
                     *           "startedAt": "2026-01-01T00:00:30.001Z",
                     *           "outcome": "up",
                     *           "durationMs": 83.1,
                     *           "attempts": 1,
                     *           "ip": "192.0.2.7",
                     *           "ipFamily": 4,
                     *           "phases": {
                     *             "dnsMs": 3.2,
                     *             "connectMs": 12,
                     *             "tlsMs": 25.3,
                     *             "ttfbMs": 40.1,
                     *             "transferMs": 2.5
                     *           },
                     *           "error": null,
                     *           "assertions": [
                     *             {
                     *               "source": "status",
                     *               "op": "in",
                     *               "expected": [
                     *                 "2xx"
                     *               ],
                     *               "actual": 200,
                     *               "ok": true
                     *             }
                     *           ],
                     *           "http": {
                     *             "status": 200,
                     *             "version": "2",
                     *             "redirects": [],
                     *             "headers": {
                     *               "content-type": "application/json"
                     *             },
                     *             "bodyBytes": 512,
                     *             "bodyTruncated": false,
                     *             "finalUrl": "https://shop.example/health"
                     *           },
                     *           "tls": null,
                     *           "dns": null,
                     *           "tcp": null,
                     *           "icmp": null
                     *         },
                     *         {
                     *           "checkKey": "shop-front",
                     *           "region": "us-east",
                     *           "kind": "http",
                     *           "target": "https://shop.example/health",
                     *           "slot": "2026-01-01T00:00:30.000Z",
                     *           "startedAt": "2026-01-01T00:00:30.001Z",
                     *           "outcome": "down",
                     *           "durationMs": 15.4,
                     *           "attempts": 1,
                     *           "ip": "192.0.2.7",
                     *           "ipFamily": 4,
                     *           "phases": {
                     *             "dnsMs": 3.4,
                     *             "connectMs": 12,
                     *             "tlsMs": null,
                     *             "ttfbMs": null,
                     *             "transferMs": null
                     *           },
                     *           "error": {
                     *             "code": "tcp_refused",
                     *             "phase": "connect",
                     *             "message": "192.0.2.7:443 refused the connection",
                     *             "cause": "Nothing listens on that port, or a firewall answers in its place.",
                     *             "remedy": "See whether the service runs and listens on that address and port."
                     *           },
                     *           "assertions": [],
                     *           "http": null,
                     *           "tls": null,
                     *           "dns": null,
                     *           "tcp": null,
                     *           "icmp": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        results: components["schemas"]["Result"][];
                    };
                };
            };
            /** @description A field of the path, the query or the body is wrong */
            400: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no token, or one that is not known */
            401: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token may not do this */
            403: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It exists already, or is under way */
            409: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not what If-Match or If-None-Match expects */
            412: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the queue does not answer */
            503: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Any other problem */
            default: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listCheckSeries: {
        parameters: {
            query?: {
                /**
                 * @description A day before `to` unless told otherwise
                 * @example 2026-01-01T00:00:00Z
                 */
                from?: string;
                /**
                 * @description Of this region alone; of all unless told otherwise
                 * @example eu-west
                 */
                region?: string;
                /**
                 * @description A multiple of 5m; of a day 5m, of three weeks 1h, else 1d
                 * @example 1h
                 */
                step?: string;
                /**
                 * @description Now unless told otherwise
                 * @example 2026-01-02T00:00:00Z
                 */
                to?: string;
            };
            header?: never;
            path: {
                /** @example shop-front */
                key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "from": "2026-01-01T00:00:00.000Z",
                     *       "to": "2026-01-02T00:00:00.000Z",
                     *       "step": "1h",
                     *       "items": [
                     *         {
                     *           "from": "2026-01-01T00:00:00.000Z",
                     *           "availability": 0.9983,
                     *           "up": 599,
                     *           "down": 1,
                     *           "missed": 0,
                     *           "maintenance": 0,
                     *           "codes": {
                     *             "tcp_refused": 1
                     *           },
                     *           "latency": {
                     *             "total": {
                     *               "count": 598,
                     *               "meanMs": 84.2,
                     *               "minMs": 61.7,
                     *               "maxMs": 402.9,
                     *               "p50Ms": 80.1,
                     *               "p90Ms": 110.4,
                     *               "p95Ms": 131.6,
                     *               "p99Ms": 298.5
                     *             }
                     *           }
                     *         }
                     *       ],
                     *       "nextCursor": null
                     *     }
                     */
                    "application/json": {
                        /** Format: date-time */
                        from: string;
                        /** @description Oldest first; steps without any result are left out */
                        items: {
                            /** @description 0 … 1 of the slots that were judged; null when none was */
                            availability: number | null;
                            /** @description What was down or missed, by error code */
                            codes: {
                                [key: string]: number;
                            };
                            down: number;
                            /**
                             * Format: date-time
                             * @description Where the step begins
                             */
                            from: string;
                            /** @description Of probes that were answered, by measure: `total` is the whole probe. Percentiles are of merged histograms, within 1 % */
                            latency: {
                                [key: string]: {
                                    count: number;
                                    maxMs: number;
                                    meanMs: number;
                                    minMs: number;
                                    p50Ms: number;
                                    p90Ms: number;
                                    p95Ms: number;
                                    p99Ms: number;
                                };
                            };
                            /** @description Slots in a maintenance window, which count nowhere else */
                            maintenance: number;
                            /** @description Slots whose probe never ran: unknown time */
                            missed: number;
                            up: number;
                        }[];
                        nextCursor: null;
                        step: string;
                        /** Format: date-time */
                        to: string;
                    };
                };
            };
            /** @description A field of the path, the query or the body is wrong */
            400: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no token, or one that is not known */
            401: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token may not do this */
            403: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It exists already, or is under way */
            409: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not what If-Match or If-None-Match expects */
            412: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the queue does not answer */
            503: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Any other problem */
            default: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getCheckStatus: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example shop-front */
                key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "checkKey": "shop-front",
                     *       "enabled": true,
                     *       "verdict": "up",
                     *       "maintenance": [],
                     *       "regions": [
                     *         {
                     *           "region": "eu-west",
                     *           "verdict": "up",
                     *           "since": "2026-01-01T00:00:00.000Z",
                     *           "failures": 0,
                     *           "successes": 2,
                     *           "stale": false,
                     *           "lastSlot": "2026-01-01T00:00:30.000Z",
                     *           "lastResult": {
                     *             "checkKey": "shop-front",
                     *             "region": "eu-west",
                     *             "kind": "http",
                     *             "target": "https://shop.example/health",
                     *             "slot": "2026-01-01T00:00:30.000Z",
                     *             "startedAt": "2026-01-01T00:00:30.001Z",
                     *             "outcome": "up",
                     *             "durationMs": 83.1,
                     *             "attempts": 1,
                     *             "ip": "192.0.2.7",
                     *             "ipFamily": 4,
                     *             "phases": {
                     *               "dnsMs": 3.2,
                     *               "connectMs": 12,
                     *               "tlsMs": 25.3,
                     *               "ttfbMs": 40.1,
                     *               "transferMs": 2.5
                     *             },
                     *             "error": null,
                     *             "assertions": [
                     *               {
                     *                 "source": "status",
                     *                 "op": "in",
                     *                 "expected": [
                     *                   "2xx"
                     *                 ],
                     *                 "actual": 200,
                     *                 "ok": true
                     *               }
                     *             ],
                     *             "http": {
                     *               "status": 200,
                     *               "version": "2",
                     *               "redirects": [],
                     *               "headers": {
                     *                 "content-type": "application/json"
                     *               },
                     *               "bodyBytes": 512,
                     *               "bodyTruncated": false,
                     *               "finalUrl": "https://shop.example/health"
                     *             },
                     *             "tls": null,
                     *             "dns": null,
                     *             "tcp": null,
                     *             "icmp": null
                     *           }
                     *         }
                     *       ],
                     *       "events": []
                     *     }
                     */
                    "application/json": {
                        checkKey: string;
                        enabled: boolean;
                        events: {
                            /** Format: date-time */
                            at: string;
                            data: {
                                [key: string]: unknown;
                            };
                            region: string;
                            type: string;
                        }[];
                        /** @description The keys of the maintenance windows that it is in now */
                        maintenance: string[];
                        regions: {
                            /** @description Slots in a row that were down */
                            failures: number;
                            lastResult: components["schemas"]["Result"] | null;
                            lastSlot: string | null;
                            region: string;
                            /** @description The slot that decided the verdict */
                            since: string | null;
                            /** @description No result within three intervals: its verdict does not count */
                            stale: boolean;
                            /** @description Slots in a row that were up */
                            successes: number;
                            /** @enum {string} */
                            verdict: "up" | "down" | "unknown";
                        }[];
                        /**
                         * @description Of the check as a whole, by its thresholds and the quorum of its regions
                         * @enum {string}
                         */
                        verdict: "up" | "down" | "unknown";
                    };
                };
            };
            /** @description A field of the path, the query or the body is wrong */
            400: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no token, or one that is not known */
            401: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token may not do this */
            403: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It exists already, or is under way */
            409: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not what If-Match or If-None-Match expects */
            412: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the queue does not answer */
            503: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Any other problem */
            default: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getExport: {
        parameters: {
            query?: {
                /**
                 * @description Goes before the Accept header
                 * @example json
                 */
                format?: "json" | "yaml";
                /** @description Only what this manager has */
                manager?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "checks": [
                     *         {
                     *           "key": "shop-front",
                     *           "kind": "http",
                     *           "target": "https://shop.example/health"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        [key: string]: unknown;
                    } | string;
                    /**
                     * @example {
                     *       "checks": [
                     *         {
                     *           "key": "shop-front",
                     *           "kind": "http",
                     *           "target": "https://shop.example/health"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/yaml": {
                        [key: string]: unknown;
                    } | string;
                };
            };
            /** @description A field of the path, the query or the body is wrong */
            400: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no token, or one that is not known */
            401: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token may not do this */
            403: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It exists already, or is under way */
            409: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not what If-Match or If-None-Match expects */
            412: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the queue does not answer */
            503: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Any other problem */
            default: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listIncidents: {
        parameters: {
            query?: {
                /** @example shop-front */
                check?: string;
                cursor?: string;
                /** @example 2026-01-01T00:00:00Z */
                from?: string;
                limit?: number;
                /** @example down */
                rule?: "down" | "latency" | "certExpiry" | "certChange" | "dnsChange" | "dnssecExpiry" | "noData" | "regionSuspect" | "regionSilent" | "channelDead";
                /** @example open */
                state?: "open" | "resolved";
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": "0f9c2b1e-7a34-4c58-9d0e-2f6b8a1c3d5e",
                     *           "rule": "down",
                     *           "checkKey": "shop-front",
                     *           "checkName": "Shop front",
                     *           "target": "https://shop.example/health",
                     *           "kind": "http",
                     *           "labels": {
                     *             "team": "web"
                     *           },
                     *           "openedAt": "2026-01-01T00:01:00.000Z",
                     *           "resolvedAt": null,
                     *           "acknowledgedAt": null,
                     *           "acknowledgedBy": null,
                     *           "silencedBy": [],
                     *           "maintenance": [],
                     *           "regions": [
                     *             {
                     *               "region": "us-east",
                     *               "state": "down",
                     *               "code": "tcp_refused",
                     *               "message": "192.0.2.7:443 refused the connection"
                     *             }
                     *           ],
                     *           "code": "tcp_refused",
                     *           "summary": "shop-front is down in us-east",
                     *           "cause": "Nothing listens on that port, or a firewall answers in its place.",
                     *           "remedy": "See whether the service runs and listens on that address and port.",
                     *           "url": "https://sonde.example/api/v1/incidents/0f9c2b1e-7a34-4c58-9d0e-2f6b8a1c3d5e"
                     *         }
                     *       ],
                     *       "nextCursor": null
                     *     }
                     */
                    "application/json": {
                        items: {
                            acknowledgedAt: string | null;
                            acknowledgedBy: string | null;
                            cause: string | null;
                            checkKey: string;
                            checkName?: string | null;
                            code: string | null;
                            id: string;
                            kind: string;
                            labels: {
                                [key: string]: string;
                            };
                            /** @description The keys of the maintenance windows that its check is in now */
                            maintenance: string[];
                            /** Format: date-time */
                            openedAt: string;
                            regions: {
                                code: string | null;
                                message: string | null;
                                region: string;
                                /** @enum {string} */
                                state: "down" | "up" | "unknown";
                            }[];
                            remedy: string | null;
                            resolvedAt: string | null;
                            rule: string;
                            /** @description The ids of the silences that mute it now */
                            silencedBy: string[];
                            summary: string;
                            target: string;
                            url: string | null;
                        }[];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description A field of the path, the query or the body is wrong */
            400: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no token, or one that is not known */
            401: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token may not do this */
            403: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It exists already, or is under way */
            409: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not what If-Match or If-None-Match expects */
            412: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the queue does not answer */
            503: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Any other problem */
            default: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getIncident: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 0f9c2b1e-7a34-4c58-9d0e-2f6b8a1c3d5e */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "0f9c2b1e-7a34-4c58-9d0e-2f6b8a1c3d5e",
                     *       "rule": "down",
                     *       "checkKey": "shop-front",
                     *       "checkName": "Shop front",
                     *       "target": "https://shop.example/health",
                     *       "kind": "http",
                     *       "labels": {
                     *         "team": "web"
                     *       },
                     *       "openedAt": "2026-01-01T00:01:00.000Z",
                     *       "resolvedAt": null,
                     *       "acknowledgedAt": null,
                     *       "acknowledgedBy": null,
                     *       "silencedBy": [],
                     *       "maintenance": [],
                     *       "regions": [
                     *         {
                     *           "region": "us-east",
                     *           "state": "down",
                     *           "code": "tcp_refused",
                     *           "message": "192.0.2.7:443 refused the connection"
                     *         }
                     *       ],
                     *       "code": "tcp_refused",
                     *       "summary": "shop-front is down in us-east",
                     *       "cause": "Nothing listens on that port, or a firewall answers in its place.",
                     *       "remedy": "See whether the service runs and listens on that address and port.",
                     *       "url": "https://sonde.example/api/v1/incidents/0f9c2b1e-7a34-4c58-9d0e-2f6b8a1c3d5e",
                     *       "evidence": {
                     *         "results": {},
                     *         "opening": {}
                     *       }
                     *     }
                     */
                    "application/json": {
                        acknowledgedAt: string | null;
                        acknowledgedBy: string | null;
                        cause: string | null;
                        checkKey: string;
                        checkName?: string | null;
                        code: string | null;
                        evidence: {
                            opening?: {
                                [key: string]: {
                                    chain: {
                                        issuer: string;
                                        notAfter: string;
                                        sha256: string;
                                        subject: string;
                                    }[] | null;
                                    families: {
                                        address: string | null;
                                        code: string | null;
                                        durationMs: number;
                                        family: 4 | 6;
                                        message: string | null;
                                        /** @enum {string} */
                                        outcome: "up" | "down";
                                    }[];
                                    /** @default false */
                                    partial: boolean;
                                    region: string;
                                    resolvers: {
                                        answers: string[];
                                        error: string | null;
                                        rcode: string | null;
                                        server: string;
                                    }[];
                                    /** Format: date-time */
                                    takenAt: string;
                                    trace: {
                                        address: string;
                                        hops: string[];
                                        reached: boolean;
                                    } | null;
                                };
                            };
                            results?: {
                                [key: string]: {
                                    [key: string]: unknown;
                                };
                            };
                        } & {
                            [key: string]: unknown;
                        };
                        id: string;
                        kind: string;
                        labels: {
                            [key: string]: string;
                        };
                        /** @description The keys of the maintenance windows that its check is in now */
                        maintenance: string[];
                        /** Format: date-time */
                        openedAt: string;
                        regions: {
                            code: string | null;
                            message: string | null;
                            region: string;
                            /** @enum {string} */
                            state: "down" | "up" | "unknown";
                        }[];
                        remedy: string | null;
                        resolvedAt: string | null;
                        rule: string;
                        /** @description The ids of the silences that mute it now */
                        silencedBy: string[];
                        summary: string;
                        target: string;
                        url: string | null;
                    };
                };
            };
            /** @description A field of the path, the query or the body is wrong */
            400: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no token, or one that is not known */
            401: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token may not do this */
            403: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It exists already, or is under way */
            409: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not what If-Match or If-None-Match expects */
            412: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the queue does not answer */
            503: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Any other problem */
            default: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createIncidentAcknowledge: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Done once: who asks again within a day has the same answer
                 * @example 8e03978e-40d5-43dd-bc93-6894a57f9324
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @example 0f9c2b1e-7a34-4c58-9d0e-2f6b8a1c3d5e */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "by": "ada"
                 *     }
                 */
                "application/json": {
                    /** @default api */
                    by?: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "0f9c2b1e-7a34-4c58-9d0e-2f6b8a1c3d5e",
                     *       "rule": "down",
                     *       "checkKey": "shop-front",
                     *       "checkName": "Shop front",
                     *       "target": "https://shop.example/health",
                     *       "kind": "http",
                     *       "labels": {
                     *         "team": "web"
                     *       },
                     *       "openedAt": "2026-01-01T00:01:00.000Z",
                     *       "resolvedAt": null,
                     *       "acknowledgedAt": "2026-01-01T00:03:00.000Z",
                     *       "acknowledgedBy": "ada",
                     *       "silencedBy": [],
                     *       "maintenance": [],
                     *       "regions": [
                     *         {
                     *           "region": "us-east",
                     *           "state": "down",
                     *           "code": "tcp_refused",
                     *           "message": "192.0.2.7:443 refused the connection"
                     *         }
                     *       ],
                     *       "code": "tcp_refused",
                     *       "summary": "shop-front is down in us-east",
                     *       "cause": "Nothing listens on that port, or a firewall answers in its place.",
                     *       "remedy": "See whether the service runs and listens on that address and port.",
                     *       "url": "https://sonde.example/api/v1/incidents/0f9c2b1e-7a34-4c58-9d0e-2f6b8a1c3d5e"
                     *     }
                     */
                    "application/json": {
                        acknowledgedAt: string | null;
                        acknowledgedBy: string | null;
                        cause: string | null;
                        checkKey: string;
                        checkName?: string | null;
                        code: string | null;
                        id: string;
                        kind: string;
                        labels: {
                            [key: string]: string;
                        };
                        /** @description The keys of the maintenance windows that its check is in now */
                        maintenance: string[];
                        /** Format: date-time */
                        openedAt: string;
                        regions: {
                            code: string | null;
                            message: string | null;
                            region: string;
                            /** @enum {string} */
                            state: "down" | "up" | "unknown";
                        }[];
                        remedy: string | null;
                        resolvedAt: string | null;
                        rule: string;
                        /** @description The ids of the silences that mute it now */
                        silencedBy: string[];
                        summary: string;
                        target: string;
                        url: string | null;
                    };
                };
            };
            /** @description A field of the path, the query or the body is wrong */
            400: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no token, or one that is not known */
            401: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token may not do this */
            403: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It exists already, or is under way */
            409: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not what If-Match or If-None-Match expects */
            412: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the queue does not answer */
            503: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Any other problem */
            default: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listMaintenance: {
        parameters: {
            query?: {
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "key": "sunday",
                     *           "start": "2026-01-04T02:00:00",
                     *           "end": "2026-01-04T04:00:00",
                     *           "timeZone": "Europe/Berlin",
                     *           "rrule": "FREQ=WEEKLY",
                     *           "labels": {
                     *             "team": "web"
                     *           },
                     *           "checks": [
                     *             "shop-front"
                     *           ],
                     *           "mode": "silence"
                     *         }
                     *       ],
                     *       "nextCursor": null
                     *     }
                     */
                    "application/json": {
                        items: {
                            /** @default [] */
                            checks: string[];
                            end: string;
                            key: string;
                            /** @default {} */
                            labels: {
                                [key: string]: string;
                            };
                            /**
                             * @default silence
                             * @enum {string}
                             */
                            mode: "silence" | "pause";
                            rrule?: string;
                            start: string;
                            /** @default UTC */
                            timeZone: string;
                        }[];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description A field of the path, the query or the body is wrong */
            400: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no token, or one that is not known */
            401: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token may not do this */
            403: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It exists already, or is under way */
            409: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not what If-Match or If-None-Match expects */
            412: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the queue does not answer */
            503: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Any other problem */
            default: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createMaintenance: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Done once: who asks again within a day has the same answer
                 * @example 8e03978e-40d5-43dd-bc93-6894a57f9324
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "key": "sunday",
                 *       "start": "2026-01-04T02:00:00",
                 *       "end": "2026-01-04T04:00:00",
                 *       "timeZone": "Europe/Berlin",
                 *       "rrule": "FREQ=WEEKLY",
                 *       "labels": {
                 *         "team": "web"
                 *       },
                 *       "checks": [
                 *         "shop-front"
                 *       ],
                 *       "mode": "silence"
                 *     }
                 */
                "application/json": {
                    /** @default [] */
                    checks?: string[];
                    end: string;
                    key: string;
                    /** @default {} */
                    labels?: {
                        [key: string]: string;
                    };
                    /**
                     * @default silence
                     * @enum {string}
                     */
                    mode?: "silence" | "pause";
                    rrule?: string;
                    start: string;
                    /** @default UTC */
                    timeZone?: string;
                };
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    /**
                     * @description Names this state of the document, for If-Match and If-None-Match
                     * @example "42"
                     */
                    etag?: string;
                    /** @description Where it is */
                    location?: string;
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "key": "sunday",
                     *       "start": "2026-01-04T02:00:00",
                     *       "end": "2026-01-04T04:00:00",
                     *       "timeZone": "Europe/Berlin",
                     *       "rrule": "FREQ=WEEKLY",
                     *       "labels": {
                     *         "team": "web"
                     *       },
                     *       "checks": [
                     *         "shop-front"
                     *       ],
                     *       "mode": "silence"
                     *     }
                     */
                    "application/json": {
                        /** @default [] */
                        checks: string[];
                        end: string;
                        key: string;
                        /** @default {} */
                        labels: {
                            [key: string]: string;
                        };
                        /**
                         * @default silence
                         * @enum {string}
                         */
                        mode: "silence" | "pause";
                        rrule?: string;
                        start: string;
                        /** @default UTC */
                        timeZone: string;
                    };
                };
            };
            /** @description A field of the path, the query or the body is wrong */
            400: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no token, or one that is not known */
            401: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token may not do this */
            403: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It exists already, or is under way */
            409: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not what If-Match or If-None-Match expects */
            412: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the queue does not answer */
            503: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Any other problem */
            default: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getMaintenance: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description 304 if it is in this state still
                 * @example "42"
                 */
                "If-None-Match"?: string;
            };
            path: {
                /** @example sunday */
                key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /**
                     * @description Names this state of the document, for If-Match and If-None-Match
                     * @example "42"
                     */
                    etag?: string;
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "key": "sunday",
                     *       "start": "2026-01-04T02:00:00",
                     *       "end": "2026-01-04T04:00:00",
                     *       "timeZone": "Europe/Berlin",
                     *       "rrule": "FREQ=WEEKLY",
                     *       "labels": {
                     *         "team": "web"
                     *       },
                     *       "checks": [
                     *         "shop-front"
                     *       ],
                     *       "mode": "silence"
                     *     }
                     */
                    "application/json": {
                        /** @default [] */
                        checks: string[];
                        end: string;
                        key: string;
                        /** @default {} */
                        labels: {
                            [key: string]: string;
                        };
                        /**
                         * @default silence
                         * @enum {string}
                         */
                        mode: "silence" | "pause";
                        rrule?: string;
                        start: string;
                        /** @default UTC */
                        timeZone: string;
                    };
                };
            };
            /** @description The reader has this state already */
            304: {
                headers: {
                    /**
                     * @description Names this state of the document, for If-Match and If-None-Match
                     * @example "42"
                     */
                    etag?: string;
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A field of the path, the query or the body is wrong */
            400: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no token, or one that is not known */
            401: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token may not do this */
            403: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It exists already, or is under way */
            409: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not what If-Match or If-None-Match expects */
            412: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the queue does not answer */
            503: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Any other problem */
            default: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    putMaintenance: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Only if the document is in this state still; 412 otherwise
                 * @example "42"
                 */
                "If-Match"?: string;
                /**
                 * @description `*`: only if there is none yet
                 * @example *
                 */
                "If-None-Match"?: string;
            };
            path: {
                /** @example sunday */
                key: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "key": "sunday",
                 *       "start": "2026-01-04T02:00:00",
                 *       "end": "2026-01-04T04:00:00",
                 *       "timeZone": "Europe/Berlin",
                 *       "rrule": "FREQ=WEEKLY",
                 *       "labels": {
                 *         "team": "web"
                 *       },
                 *       "checks": [
                 *         "shop-front"
                 *       ],
                 *       "mode": "silence"
                 *     }
                 */
                "application/json": {
                    /** @default [] */
                    checks?: string[];
                    end: string;
                    key: string;
                    /** @default {} */
                    labels?: {
                        [key: string]: string;
                    };
                    /**
                     * @default silence
                     * @enum {string}
                     */
                    mode?: "silence" | "pause";
                    rrule?: string;
                    start: string;
                    /** @default UTC */
                    timeZone?: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /**
                     * @description Names this state of the document, for If-Match and If-None-Match
                     * @example "42"
                     */
                    etag?: string;
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "key": "sunday",
                     *       "start": "2026-01-04T02:00:00",
                     *       "end": "2026-01-04T04:00:00",
                     *       "timeZone": "Europe/Berlin",
                     *       "rrule": "FREQ=WEEKLY",
                     *       "labels": {
                     *         "team": "web"
                     *       },
                     *       "checks": [
                     *         "shop-front"
                     *       ],
                     *       "mode": "silence"
                     *     }
                     */
                    "application/json": {
                        /** @default [] */
                        checks: string[];
                        end: string;
                        key: string;
                        /** @default {} */
                        labels: {
                            [key: string]: string;
                        };
                        /**
                         * @default silence
                         * @enum {string}
                         */
                        mode: "silence" | "pause";
                        rrule?: string;
                        start: string;
                        /** @default UTC */
                        timeZone: string;
                    };
                };
            };
            /** @description Made */
            201: {
                headers: {
                    /**
                     * @description Names this state of the document, for If-Match and If-None-Match
                     * @example "42"
                     */
                    etag?: string;
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "key": "sunday",
                     *       "start": "2026-01-04T02:00:00",
                     *       "end": "2026-01-04T04:00:00",
                     *       "timeZone": "Europe/Berlin",
                     *       "rrule": "FREQ=WEEKLY",
                     *       "labels": {
                     *         "team": "web"
                     *       },
                     *       "checks": [
                     *         "shop-front"
                     *       ],
                     *       "mode": "silence"
                     *     }
                     */
                    "application/json": {
                        /** @default [] */
                        checks: string[];
                        end: string;
                        key: string;
                        /** @default {} */
                        labels: {
                            [key: string]: string;
                        };
                        /**
                         * @default silence
                         * @enum {string}
                         */
                        mode: "silence" | "pause";
                        rrule?: string;
                        start: string;
                        /** @default UTC */
                        timeZone: string;
                    };
                };
            };
            /** @description A field of the path, the query or the body is wrong */
            400: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no token, or one that is not known */
            401: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token may not do this */
            403: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It exists already, or is under way */
            409: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not what If-Match or If-None-Match expects */
            412: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the queue does not answer */
            503: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Any other problem */
            default: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteMaintenance: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Only if the document is in this state still; 412 otherwise
                 * @example "42"
                 */
                "If-Match"?: string;
            };
            path: {
                /** @example sunday */
                key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; there is nothing to say */
            204: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A field of the path, the query or the body is wrong */
            400: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no token, or one that is not known */
            401: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token may not do this */
            403: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It exists already, or is under way */
            409: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not what If-Match or If-None-Match expects */
            412: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the queue does not answer */
            503: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Any other problem */
            default: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    patchMaintenance: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Only if the document is in this state still; 412 otherwise
                 * @example "42"
                 */
                "If-Match"?: string;
            };
            path: {
                /** @example sunday */
                key: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "mode": "pause"
                 *     }
                 */
                "application/json": {
                    [key: string]: unknown;
                };
                /**
                 * @example {
                 *       "mode": "pause"
                 *     }
                 */
                "application/merge-patch+json": {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /**
                     * @description Names this state of the document, for If-Match and If-None-Match
                     * @example "42"
                     */
                    etag?: string;
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "key": "sunday",
                     *       "start": "2026-01-04T02:00:00",
                     *       "end": "2026-01-04T04:00:00",
                     *       "timeZone": "Europe/Berlin",
                     *       "rrule": "FREQ=WEEKLY",
                     *       "labels": {
                     *         "team": "web"
                     *       },
                     *       "checks": [
                     *         "shop-front"
                     *       ],
                     *       "mode": "pause"
                     *     }
                     */
                    "application/json": {
                        /** @default [] */
                        checks: string[];
                        end: string;
                        key: string;
                        /** @default {} */
                        labels: {
                            [key: string]: string;
                        };
                        /**
                         * @default silence
                         * @enum {string}
                         */
                        mode: "silence" | "pause";
                        rrule?: string;
                        start: string;
                        /** @default UTC */
                        timeZone: string;
                    };
                };
            };
            /** @description A field of the path, the query or the body is wrong */
            400: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no token, or one that is not known */
            401: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token may not do this */
            403: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It exists already, or is under way */
            409: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not what If-Match or If-None-Match expects */
            412: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the queue does not answer */
            503: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Any other problem */
            default: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listNotifications: {
        parameters: {
            query?: {
                /** @example ops */
                channel?: string;
                cursor?: string;
                incident?: string;
                limit?: number;
                /** @example sent */
                state?: "pending" | "sent" | "dead";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": "5b8d7c3a-91e2-4f60-8a7b-c4d3e2f10a9b",
                     *           "channel": "ops",
                     *           "type": "incident.opened",
                     *           "state": "sent",
                     *           "incidentId": "0f9c2b1e-7a34-4c58-9d0e-2f6b8a1c3d5e",
                     *           "checkKey": "shop-front",
                     *           "rule": "down",
                     *           "summary": "shop-front is down in us-east",
                     *           "createdAt": "2026-01-01T00:01:00.310Z",
                     *           "nextAt": null,
                     *           "sentAt": "2026-01-01T00:01:01.250Z",
                     *           "attempts": 1,
                     *           "error": null
                     *         }
                     *       ],
                     *       "nextCursor": null
                     *     }
                     */
                    "application/json": {
                        items: {
                            attempts: number;
                            channel: string;
                            checkKey: string;
                            /** Format: date-time */
                            createdAt: string;
                            error: string | null;
                            /** Format: uuid */
                            id: string;
                            incidentId: string | null;
                            nextAt: string | null;
                            rule: string;
                            sentAt: string | null;
                            /** @enum {string} */
                            state: "pending" | "sent" | "dead";
                            summary: string;
                            /** @enum {string} */
                            type: "incident.opened" | "incident.updated" | "incident.reminder" | "incident.resolved" | "test";
                        }[];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description A field of the path, the query or the body is wrong */
            400: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no token, or one that is not known */
            401: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token may not do this */
            403: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It exists already, or is under way */
            409: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not what If-Match or If-None-Match expects */
            412: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the queue does not answer */
            503: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Any other problem */
            default: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getNotification: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 5b8d7c3a-91e2-4f60-8a7b-c4d3e2f10a9b */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "5b8d7c3a-91e2-4f60-8a7b-c4d3e2f10a9b",
                     *       "channel": "ops",
                     *       "type": "incident.opened",
                     *       "state": "sent",
                     *       "incidentId": "0f9c2b1e-7a34-4c58-9d0e-2f6b8a1c3d5e",
                     *       "checkKey": "shop-front",
                     *       "rule": "down",
                     *       "summary": "shop-front is down in us-east",
                     *       "createdAt": "2026-01-01T00:01:00.310Z",
                     *       "nextAt": null,
                     *       "sentAt": "2026-01-01T00:01:01.250Z",
                     *       "attempts": 1,
                     *       "error": null
                     *     }
                     */
                    "application/json": {
                        attempts: number;
                        channel: string;
                        checkKey: string;
                        /** Format: date-time */
                        createdAt: string;
                        error: string | null;
                        /** Format: uuid */
                        id: string;
                        incidentId: string | null;
                        nextAt: string | null;
                        rule: string;
                        sentAt: string | null;
                        /** @enum {string} */
                        state: "pending" | "sent" | "dead";
                        summary: string;
                        /** @enum {string} */
                        type: "incident.opened" | "incident.updated" | "incident.reminder" | "incident.resolved" | "test";
                    };
                };
            };
            /** @description A field of the path, the query or the body is wrong */
            400: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no token, or one that is not known */
            401: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token may not do this */
            403: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It exists already, or is under way */
            409: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not what If-Match or If-None-Match expects */
            412: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the queue does not answer */
            503: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Any other problem */
            default: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createNotificationReplay: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Done once: who asks again within a day has the same answer
                 * @example 8e03978e-40d5-43dd-bc93-6894a57f9324
                 */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @example 5b8d7c3a-91e2-4f60-8a7b-c4d3e2f10a9b */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "5b8d7c3a-91e2-4f60-8a7b-c4d3e2f10a9b",
                     *       "channel": "ops",
                     *       "type": "incident.opened",
                     *       "state": "pending",
                     *       "incidentId": "0f9c2b1e-7a34-4c58-9d0e-2f6b8a1c3d5e",
                     *       "checkKey": "shop-front",
                     *       "rule": "down",
                     *       "summary": "shop-front is down in us-east",
                     *       "createdAt": "2026-01-01T00:01:00.310Z",
                     *       "nextAt": "2026-01-01T09:00:00.000Z",
                     *       "sentAt": null,
                     *       "attempts": 1,
                     *       "error": null
                     *     }
                     */
                    "application/json": {
                        attempts: number;
                        channel: string;
                        checkKey: string;
                        /** Format: date-time */
                        createdAt: string;
                        error: string | null;
                        /** Format: uuid */
                        id: string;
                        incidentId: string | null;
                        nextAt: string | null;
                        rule: string;
                        sentAt: string | null;
                        /** @enum {string} */
                        state: "pending" | "sent" | "dead";
                        summary: string;
                        /** @enum {string} */
                        type: "incident.opened" | "incident.updated" | "incident.reminder" | "incident.resolved" | "test";
                    };
                };
            };
            /** @description A field of the path, the query or the body is wrong */
            400: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no token, or one that is not known */
            401: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token may not do this */
            403: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It exists already, or is under way */
            409: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not what If-Match or If-None-Match expects */
            412: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the queue does not answer */
            503: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Any other problem */
            default: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listRegions: {
        parameters: {
            query?: {
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "name": "eu-west",
                     *           "labels": {
                     *             "tier": "edge"
                     *           },
                     *           "provider": "example cloud",
                     *           "latitude": 52.5,
                     *           "longitude": 13.4,
                     *           "workers": [
                     *             {
                     *               "id": "worker-1",
                     *               "version": "0.1.0",
                     *               "startedAt": "2026-01-01T00:00:00.000Z",
                     *               "seenAt": "2026-01-01T08:00:00.000Z",
                     *               "capabilities": [
                     *                 "http",
                     *                 "tls",
                     *                 "dns",
                     *                 "tcp",
                     *                 "icmp",
                     *                 "ipv6"
                     *               ],
                     *               "load": {
                     *                 "running": 12,
                     *                 "waiting": 0,
                     *                 "limit": 200
                     *               },
                     *               "clockOffsetMs": -1.5
                     *             }
                     *           ]
                     *         }
                     *       ],
                     *       "nextCursor": null
                     *     }
                     */
                    "application/json": {
                        items: {
                            /** @default {} */
                            labels: {
                                [key: string]: string;
                            };
                            /** @default null */
                            latitude: number | null;
                            /** @default null */
                            longitude: number | null;
                            name: string;
                            /** @default null */
                            provider: string | null;
                            workers: {
                                /** @description The kinds of checks that it can run, and ipv6 where it has that */
                                capabilities: string[];
                                /** @description How far its own clock is ahead of the queue server's */
                                clockOffsetMs: number | null;
                                id: string;
                                load: {
                                    /** @description How many it lets begin at once; fewer while its event loop is held up */
                                    limit: number;
                                    /** @description Probes that have begun and not ended */
                                    running: number;
                                    /** @description Probes that are due and wait to be let in */
                                    waiting: number;
                                } | null;
                                /** Format: date-time */
                                seenAt: string;
                                /** Format: date-time */
                                startedAt: string;
                                version: string;
                            }[];
                        }[];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description A field of the path, the query or the body is wrong */
            400: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no token, or one that is not known */
            401: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token may not do this */
            403: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It exists already, or is under way */
            409: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not what If-Match or If-None-Match expects */
            412: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the queue does not answer */
            503: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Any other problem */
            default: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getRegion: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description 304 if it is in this state still
                 * @example "42"
                 */
                "If-None-Match"?: string;
            };
            path: {
                /** @example eu-west */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /**
                     * @description Names this state of the document, for If-Match and If-None-Match
                     * @example "42"
                     */
                    etag?: string;
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "eu-west",
                     *       "labels": {
                     *         "tier": "edge"
                     *       },
                     *       "provider": "example cloud",
                     *       "latitude": 52.5,
                     *       "longitude": 13.4,
                     *       "workers": [
                     *         {
                     *           "id": "worker-1",
                     *           "version": "0.1.0",
                     *           "startedAt": "2026-01-01T00:00:00.000Z",
                     *           "seenAt": "2026-01-01T08:00:00.000Z",
                     *           "capabilities": [
                     *             "http",
                     *             "tls",
                     *             "dns",
                     *             "tcp",
                     *             "icmp",
                     *             "ipv6"
                     *           ],
                     *           "load": {
                     *             "running": 12,
                     *             "waiting": 0,
                     *             "limit": 200
                     *           },
                     *           "clockOffsetMs": -1.5
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        /** @default {} */
                        labels: {
                            [key: string]: string;
                        };
                        /** @default null */
                        latitude: number | null;
                        /** @default null */
                        longitude: number | null;
                        name: string;
                        /** @default null */
                        provider: string | null;
                        workers: {
                            /** @description The kinds of checks that it can run, and ipv6 where it has that */
                            capabilities: string[];
                            /** @description How far its own clock is ahead of the queue server's */
                            clockOffsetMs: number | null;
                            id: string;
                            load: {
                                /** @description How many it lets begin at once; fewer while its event loop is held up */
                                limit: number;
                                /** @description Probes that have begun and not ended */
                                running: number;
                                /** @description Probes that are due and wait to be let in */
                                waiting: number;
                            } | null;
                            /** Format: date-time */
                            seenAt: string;
                            /** Format: date-time */
                            startedAt: string;
                            version: string;
                        }[];
                    };
                };
            };
            /** @description The reader has this state already */
            304: {
                headers: {
                    /**
                     * @description Names this state of the document, for If-Match and If-None-Match
                     * @example "42"
                     */
                    etag?: string;
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A field of the path, the query or the body is wrong */
            400: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no token, or one that is not known */
            401: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token may not do this */
            403: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It exists already, or is under way */
            409: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not what If-Match or If-None-Match expects */
            412: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the queue does not answer */
            503: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Any other problem */
            default: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    putRegion: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Only if the document is in this state still; 412 otherwise
                 * @example "42"
                 */
                "If-Match"?: string;
                /**
                 * @description `*`: only if there is none yet
                 * @example *
                 */
                "If-None-Match"?: string;
            };
            path: {
                /** @example eu-west */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "labels": {
                 *         "tier": "edge"
                 *       },
                 *       "provider": "example cloud",
                 *       "latitude": 52.5,
                 *       "longitude": 13.4
                 *     }
                 */
                "application/json": {
                    /** @default {} */
                    labels?: {
                        [key: string]: string;
                    };
                    /** @default null */
                    latitude?: number | null;
                    /** @default null */
                    longitude?: number | null;
                    /** @default null */
                    provider?: string | null;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /**
                     * @description Names this state of the document, for If-Match and If-None-Match
                     * @example "42"
                     */
                    etag?: string;
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "eu-west",
                     *       "labels": {
                     *         "tier": "edge"
                     *       },
                     *       "provider": "example cloud",
                     *       "latitude": 52.5,
                     *       "longitude": 13.4
                     *     }
                     */
                    "application/json": {
                        /** @default {} */
                        labels: {
                            [key: string]: string;
                        };
                        /** @default null */
                        latitude: number | null;
                        /** @default null */
                        longitude: number | null;
                        name: string;
                        /** @default null */
                        provider: string | null;
                    };
                };
            };
            /** @description Made */
            201: {
                headers: {
                    /**
                     * @description Names this state of the document, for If-Match and If-None-Match
                     * @example "42"
                     */
                    etag?: string;
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "eu-west",
                     *       "labels": {
                     *         "tier": "edge"
                     *       },
                     *       "provider": "example cloud",
                     *       "latitude": 52.5,
                     *       "longitude": 13.4
                     *     }
                     */
                    "application/json": {
                        /** @default {} */
                        labels: {
                            [key: string]: string;
                        };
                        /** @default null */
                        latitude: number | null;
                        /** @default null */
                        longitude: number | null;
                        name: string;
                        /** @default null */
                        provider: string | null;
                    };
                };
            };
            /** @description A field of the path, the query or the body is wrong */
            400: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no token, or one that is not known */
            401: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token may not do this */
            403: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It exists already, or is under way */
            409: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not what If-Match or If-None-Match expects */
            412: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the queue does not answer */
            503: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Any other problem */
            default: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteRegion: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Only if the document is in this state still; 412 otherwise
                 * @example "42"
                 */
                "If-Match"?: string;
            };
            path: {
                /** @example eu-west */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; there is nothing to say */
            204: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A field of the path, the query or the body is wrong */
            400: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no token, or one that is not known */
            401: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token may not do this */
            403: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It exists already, or is under way */
            409: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not what If-Match or If-None-Match expects */
            412: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the queue does not answer */
            503: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Any other problem */
            default: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    patchRegion: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Only if the document is in this state still; 412 otherwise
                 * @example "42"
                 */
                "If-Match"?: string;
            };
            path: {
                /** @example eu-west */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "provider": "another cloud",
                 *       "labels": {
                 *         "tier": null
                 *       }
                 *     }
                 */
                "application/json": {
                    [key: string]: unknown;
                };
                /**
                 * @example {
                 *       "provider": "another cloud",
                 *       "labels": {
                 *         "tier": null
                 *       }
                 *     }
                 */
                "application/merge-patch+json": {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /**
                     * @description Names this state of the document, for If-Match and If-None-Match
                     * @example "42"
                     */
                    etag?: string;
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "eu-west",
                     *       "labels": {},
                     *       "provider": "another cloud",
                     *       "latitude": 52.5,
                     *       "longitude": 13.4
                     *     }
                     */
                    "application/json": {
                        /** @default {} */
                        labels: {
                            [key: string]: string;
                        };
                        /** @default null */
                        latitude: number | null;
                        /** @default null */
                        longitude: number | null;
                        name: string;
                        /** @default null */
                        provider: string | null;
                    };
                };
            };
            /** @description A field of the path, the query or the body is wrong */
            400: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no token, or one that is not known */
            401: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token may not do this */
            403: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It exists already, or is under way */
            409: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not what If-Match or If-None-Match expects */
            412: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the queue does not answer */
            503: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Any other problem */
            default: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getSecrets: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "current": "4f1d2a9c",
                     *       "known": [
                     *         "4f1d2a9c",
                     *         "0b7e61d3"
                     *       ],
                     *       "sealed": {
                     *         "4f1d2a9c": 3
                     *       }
                     *     }
                     */
                    "application/json": {
                        /** @description The id of the key that seals: the first in SONDE_SECRET_KEY */
                        current: string;
                        /** @description The ids of the keys that this process opens with */
                        known: string[];
                        /** @description How many checks and channels hold secrets of each key */
                        sealed: {
                            [key: string]: number;
                        };
                    };
                };
            };
            /** @description A field of the path, the query or the body is wrong */
            400: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no token, or one that is not known */
            401: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token may not do this */
            403: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It exists already, or is under way */
            409: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not what If-Match or If-None-Match expects */
            412: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the queue does not answer */
            503: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Any other problem */
            default: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createSecretRotate: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Done once: who asks again within a day has the same answer
                 * @example 8e03978e-40d5-43dd-bc93-6894a57f9324
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "current": "4f1d2a9c",
                     *       "known": [
                     *         "4f1d2a9c",
                     *         "0b7e61d3"
                     *       ],
                     *       "sealed": {
                     *         "4f1d2a9c": 3
                     *       },
                     *       "changed": 3,
                     *       "unchanged": 0,
                     *       "failed": []
                     *     }
                     */
                    "application/json": {
                        /** @description Documents that were sealed anew */
                        changed: number;
                        /** @description The id of the key that seals: the first in SONDE_SECRET_KEY */
                        current: string;
                        failed: {
                            key: string;
                            reason: string;
                            resource: string;
                        }[];
                        /** @description The ids of the keys that this process opens with */
                        known: string[];
                        /** @description How many checks and channels hold secrets of each key */
                        sealed: {
                            [key: string]: number;
                        };
                        unchanged: number;
                    };
                };
            };
            /** @description A field of the path, the query or the body is wrong */
            400: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no token, or one that is not known */
            401: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token may not do this */
            403: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It exists already, or is under way */
            409: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not what If-Match or If-None-Match expects */
            412: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the queue does not answer */
            503: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Any other problem */
            default: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listSilences: {
        parameters: {
            query?: {
                cursor?: string;
                limit?: number;
                /** @example active */
                state?: "active" | "pending" | "expired";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": "2c7a9e15-4b3d-4f68-8c1a-7d5e3f2b9a01",
                     *           "labels": {
                     *             "team": "web"
                     *           },
                     *           "checks": [
                     *             "shop-*"
                     *           ],
                     *           "rules": [],
                     *           "startsAt": "2026-01-01T00:05:00.000Z",
                     *           "endsAt": "2026-01-01T02:05:00.000Z",
                     *           "comment": "the switch is being replaced",
                     *           "createdBy": "ada",
                     *           "createdAt": "2026-01-01T00:05:00.000Z"
                     *         }
                     *       ],
                     *       "nextCursor": null
                     *     }
                     */
                    "application/json": {
                        items: {
                            /** @default [] */
                            checks: string[];
                            comment: string;
                            /** Format: date-time */
                            createdAt: string;
                            createdBy: string;
                            /** Format: date-time */
                            endsAt: string;
                            /** Format: uuid */
                            id: string;
                            /** @default {} */
                            labels: {
                                [key: string]: string;
                            };
                            /** @default [] */
                            rules: ("down" | "latency" | "certExpiry" | "certChange" | "dnsChange" | "dnssecExpiry" | "noData" | "regionSuspect" | "regionSilent" | "channelDead")[];
                            /** Format: date-time */
                            startsAt: string;
                        }[];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description A field of the path, the query or the body is wrong */
            400: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no token, or one that is not known */
            401: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token may not do this */
            403: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It exists already, or is under way */
            409: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not what If-Match or If-None-Match expects */
            412: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the queue does not answer */
            503: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Any other problem */
            default: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createSilence: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Done once: who asks again within a day has the same answer
                 * @example 8e03978e-40d5-43dd-bc93-6894a57f9324
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "labels": {
                 *         "team": "web"
                 *       },
                 *       "checks": [
                 *         "shop-*"
                 *       ],
                 *       "duration": "2h",
                 *       "comment": "the switch is being replaced",
                 *       "createdBy": "ada"
                 *     }
                 */
                "application/json": {
                    /** @default [] */
                    checks?: string[];
                    comment: string;
                    /** @default api */
                    createdBy?: string;
                    /**
                     * @description A duration between 1m and 400d
                     * @example 1m
                     */
                    duration?: string;
                    /** Format: date-time */
                    endsAt?: string;
                    /** @default {} */
                    labels?: {
                        [key: string]: string;
                    };
                    /** @default [] */
                    rules?: ("down" | "latency" | "certExpiry" | "certChange" | "dnsChange" | "dnssecExpiry" | "noData" | "regionSuspect" | "regionSilent" | "channelDead")[];
                    /** Format: date-time */
                    startsAt?: string;
                };
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    /**
                     * @description Names this state of the document, for If-Match and If-None-Match
                     * @example "42"
                     */
                    etag?: string;
                    /** @description Where it is */
                    location?: string;
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "2c7a9e15-4b3d-4f68-8c1a-7d5e3f2b9a01",
                     *       "labels": {
                     *         "team": "web"
                     *       },
                     *       "checks": [
                     *         "shop-*"
                     *       ],
                     *       "rules": [],
                     *       "startsAt": "2026-01-01T00:05:00.000Z",
                     *       "endsAt": "2026-01-01T02:05:00.000Z",
                     *       "comment": "the switch is being replaced",
                     *       "createdBy": "ada",
                     *       "createdAt": "2026-01-01T00:05:00.000Z"
                     *     }
                     */
                    "application/json": {
                        /** @default [] */
                        checks: string[];
                        comment: string;
                        /** Format: date-time */
                        createdAt: string;
                        createdBy: string;
                        /** Format: date-time */
                        endsAt: string;
                        /** Format: uuid */
                        id: string;
                        /** @default {} */
                        labels: {
                            [key: string]: string;
                        };
                        /** @default [] */
                        rules: ("down" | "latency" | "certExpiry" | "certChange" | "dnsChange" | "dnssecExpiry" | "noData" | "regionSuspect" | "regionSilent" | "channelDead")[];
                        /** Format: date-time */
                        startsAt: string;
                    };
                };
            };
            /** @description A field of the path, the query or the body is wrong */
            400: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no token, or one that is not known */
            401: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token may not do this */
            403: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It exists already, or is under way */
            409: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not what If-Match or If-None-Match expects */
            412: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the queue does not answer */
            503: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Any other problem */
            default: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getSilence: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description 304 if it is in this state still
                 * @example "42"
                 */
                "If-None-Match"?: string;
            };
            path: {
                /** @example 2c7a9e15-4b3d-4f68-8c1a-7d5e3f2b9a01 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /**
                     * @description Names this state of the document, for If-Match and If-None-Match
                     * @example "42"
                     */
                    etag?: string;
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "2c7a9e15-4b3d-4f68-8c1a-7d5e3f2b9a01",
                     *       "labels": {
                     *         "team": "web"
                     *       },
                     *       "checks": [
                     *         "shop-*"
                     *       ],
                     *       "rules": [],
                     *       "startsAt": "2026-01-01T00:05:00.000Z",
                     *       "endsAt": "2026-01-01T02:05:00.000Z",
                     *       "comment": "the switch is being replaced",
                     *       "createdBy": "ada",
                     *       "createdAt": "2026-01-01T00:05:00.000Z"
                     *     }
                     */
                    "application/json": {
                        /** @default [] */
                        checks: string[];
                        comment: string;
                        /** Format: date-time */
                        createdAt: string;
                        createdBy: string;
                        /** Format: date-time */
                        endsAt: string;
                        /** Format: uuid */
                        id: string;
                        /** @default {} */
                        labels: {
                            [key: string]: string;
                        };
                        /** @default [] */
                        rules: ("down" | "latency" | "certExpiry" | "certChange" | "dnsChange" | "dnssecExpiry" | "noData" | "regionSuspect" | "regionSilent" | "channelDead")[];
                        /** Format: date-time */
                        startsAt: string;
                    };
                };
            };
            /** @description The reader has this state already */
            304: {
                headers: {
                    /**
                     * @description Names this state of the document, for If-Match and If-None-Match
                     * @example "42"
                     */
                    etag?: string;
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A field of the path, the query or the body is wrong */
            400: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no token, or one that is not known */
            401: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token may not do this */
            403: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It exists already, or is under way */
            409: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not what If-Match or If-None-Match expects */
            412: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the queue does not answer */
            503: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Any other problem */
            default: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    putSilence: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Only if the document is in this state still; 412 otherwise
                 * @example "42"
                 */
                "If-Match"?: string;
                /**
                 * @description `*`: only if there is none yet
                 * @example *
                 */
                "If-None-Match"?: string;
            };
            path: {
                /** @example 2c7a9e15-4b3d-4f68-8c1a-7d5e3f2b9a01 */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "labels": {
                 *         "team": "web"
                 *       },
                 *       "checks": [
                 *         "shop-*"
                 *       ],
                 *       "duration": "2h",
                 *       "comment": "the switch is being replaced",
                 *       "createdBy": "ada"
                 *     }
                 */
                "application/json": {
                    /** @default [] */
                    checks?: string[];
                    comment: string;
                    /** @default api */
                    createdBy?: string;
                    /**
                     * @description A duration between 1m and 400d
                     * @example 1m
                     */
                    duration?: string;
                    /** Format: date-time */
                    endsAt?: string;
                    /** @default {} */
                    labels?: {
                        [key: string]: string;
                    };
                    /** @default [] */
                    rules?: ("down" | "latency" | "certExpiry" | "certChange" | "dnsChange" | "dnssecExpiry" | "noData" | "regionSuspect" | "regionSilent" | "channelDead")[];
                    /** Format: date-time */
                    startsAt?: string;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /**
                     * @description Names this state of the document, for If-Match and If-None-Match
                     * @example "42"
                     */
                    etag?: string;
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "2c7a9e15-4b3d-4f68-8c1a-7d5e3f2b9a01",
                     *       "labels": {
                     *         "team": "web"
                     *       },
                     *       "checks": [
                     *         "shop-*"
                     *       ],
                     *       "rules": [],
                     *       "startsAt": "2026-01-01T00:05:00.000Z",
                     *       "endsAt": "2026-01-01T02:05:00.000Z",
                     *       "comment": "the switch is being replaced",
                     *       "createdBy": "ada",
                     *       "createdAt": "2026-01-01T00:05:00.000Z"
                     *     }
                     */
                    "application/json": {
                        /** @default [] */
                        checks: string[];
                        comment: string;
                        /** Format: date-time */
                        createdAt: string;
                        createdBy: string;
                        /** Format: date-time */
                        endsAt: string;
                        /** Format: uuid */
                        id: string;
                        /** @default {} */
                        labels: {
                            [key: string]: string;
                        };
                        /** @default [] */
                        rules: ("down" | "latency" | "certExpiry" | "certChange" | "dnsChange" | "dnssecExpiry" | "noData" | "regionSuspect" | "regionSilent" | "channelDead")[];
                        /** Format: date-time */
                        startsAt: string;
                    };
                };
            };
            /** @description A field of the path, the query or the body is wrong */
            400: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no token, or one that is not known */
            401: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token may not do this */
            403: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It exists already, or is under way */
            409: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not what If-Match or If-None-Match expects */
            412: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the queue does not answer */
            503: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Any other problem */
            default: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteSilence: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Only if the document is in this state still; 412 otherwise
                 * @example "42"
                 */
                "If-Match"?: string;
            };
            path: {
                /** @example 2c7a9e15-4b3d-4f68-8c1a-7d5e3f2b9a01 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; there is nothing to say */
            204: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A field of the path, the query or the body is wrong */
            400: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no token, or one that is not known */
            401: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token may not do this */
            403: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It exists already, or is under way */
            409: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not what If-Match or If-None-Match expects */
            412: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the queue does not answer */
            503: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Any other problem */
            default: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    patchSilence: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Only if the document is in this state still; 412 otherwise
                 * @example "42"
                 */
                "If-Match"?: string;
            };
            path: {
                /** @example 2c7a9e15-4b3d-4f68-8c1a-7d5e3f2b9a01 */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "endsAt": "2026-01-01T03:05:00Z",
                 *       "duration": null
                 *     }
                 */
                "application/json": {
                    [key: string]: unknown;
                };
                /**
                 * @example {
                 *       "endsAt": "2026-01-01T03:05:00Z",
                 *       "duration": null
                 *     }
                 */
                "application/merge-patch+json": {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /**
                     * @description Names this state of the document, for If-Match and If-None-Match
                     * @example "42"
                     */
                    etag?: string;
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "2c7a9e15-4b3d-4f68-8c1a-7d5e3f2b9a01",
                     *       "labels": {
                     *         "team": "web"
                     *       },
                     *       "checks": [
                     *         "shop-*"
                     *       ],
                     *       "rules": [],
                     *       "startsAt": "2026-01-01T00:05:00.000Z",
                     *       "endsAt": "2026-01-01T03:05:00.000Z",
                     *       "comment": "the switch is being replaced",
                     *       "createdBy": "ada",
                     *       "createdAt": "2026-01-01T00:05:00.000Z"
                     *     }
                     */
                    "application/json": {
                        /** @default [] */
                        checks: string[];
                        comment: string;
                        /** Format: date-time */
                        createdAt: string;
                        createdBy: string;
                        /** Format: date-time */
                        endsAt: string;
                        /** Format: uuid */
                        id: string;
                        /** @default {} */
                        labels: {
                            [key: string]: string;
                        };
                        /** @default [] */
                        rules: ("down" | "latency" | "certExpiry" | "certChange" | "dnsChange" | "dnssecExpiry" | "noData" | "regionSuspect" | "regionSilent" | "channelDead")[];
                        /** Format: date-time */
                        startsAt: string;
                    };
                };
            };
            /** @description A field of the path, the query or the body is wrong */
            400: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no token, or one that is not known */
            401: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token may not do this */
            403: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It exists already, or is under way */
            409: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not what If-Match or If-None-Match expects */
            412: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the queue does not answer */
            503: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Any other problem */
            default: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listSlo: {
        parameters: {
            query?: {
                /** @example shop-front */
                check?: string;
                cursor?: string;
                label?: string | string[];
                limit?: number;
                /**
                 * @description Per cent of the judged slots that are to be up
                 * @example 99.9
                 */
                objective?: number;
                /**
                 * @description A duration between 1h and 400d
                 * @example 30d
                 */
                window?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "checkKey": "shop-front",
                     *           "window": "30d",
                     *           "objective": 99.9,
                     *           "availability": 99.97,
                     *           "good": 86374,
                     *           "bad": 26,
                     *           "unknown": 0,
                     *           "maintenance": 0,
                     *           "errorBudget": {
                     *             "allowed": 86.4,
                     *             "left": 60.4,
                     *             "leftPercent": 69.9
                     *           },
                     *           "burnRates": {
                     *             "5m": 0,
                     *             "1h": 0.8,
                     *             "6h": 0.3
                     *           }
                     *         }
                     *       ],
                     *       "nextCursor": null
                     *     }
                     */
                    "application/json": {
                        items: {
                            /** @description Per cent of the judged slots that were up; null when none was judged */
                            availability: number | null;
                            /** @description Slots that were down */
                            bad: number;
                            /** @description How many times faster than allowed the budget was spent; windows are whole spans of five minutes */
                            burnRates: {
                                "1h": number | null;
                                "5m": number | null;
                                "6h": number | null;
                            };
                            checkKey: string;
                            /** @description Slots that may be down, those that still may, and the part that is left: below zero it is overdrawn */
                            errorBudget: {
                                allowed: number;
                                left: number;
                                leftPercent: number | null;
                            };
                            /** @description Slots that were up */
                            good: number;
                            /** @description Slots in a maintenance window; neither good nor bad */
                            maintenance: number;
                            objective: number;
                            /** @description Slots whose probe never ran; neither good nor bad */
                            unknown: number;
                            window: string;
                        }[];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description A field of the path, the query or the body is wrong */
            400: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no token, or one that is not known */
            401: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token may not do this */
            403: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It exists already, or is under way */
            409: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not what If-Match or If-None-Match expects */
            412: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the queue does not answer */
            503: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Any other problem */
            default: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listStatus: {
        parameters: {
            query?: {
                cursor?: string;
                /** @example http */
                kind?: "http" | "tls" | "dns" | "tcp" | "icmp";
                /** @example team:web */
                label?: string | string[];
                /** @example 10000 */
                limit?: number;
                /**
                 * @description Of the check as a whole
                 * @example down
                 */
                verdict?: "up" | "down" | "unknown";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "checkKey": "shop-front",
                     *           "name": "Shop front",
                     *           "kind": "http",
                     *           "target": "https://shop.example/health",
                     *           "labels": {
                     *             "team": "web"
                     *           },
                     *           "enabled": true,
                     *           "verdict": "down",
                     *           "maintenance": [],
                     *           "regions": [
                     *             {
                     *               "region": "us-east",
                     *               "verdict": "down",
                     *               "since": "2026-01-01T00:00:00.000Z",
                     *               "failures": 2,
                     *               "successes": 0,
                     *               "stale": false,
                     *               "lastSlot": "2026-01-01T00:00:30.000Z",
                     *               "code": "tcp_refused"
                     *             }
                     *           ]
                     *         }
                     *       ],
                     *       "nextCursor": null
                     *     }
                     */
                    "application/json": {
                        items: {
                            checkKey: string;
                            enabled: boolean;
                            /** @enum {string} */
                            kind: "http" | "tls" | "dns" | "tcp" | "icmp";
                            labels: {
                                [key: string]: string;
                            };
                            /** @description The keys of the maintenance windows that it is in now */
                            maintenance: string[];
                            name: string | null;
                            regions: {
                                /** @description The error of the newest result, where that was not up */
                                code: string | null;
                                /** @description Slots in a row that were down */
                                failures: number;
                                lastSlot: string | null;
                                region: string;
                                /** @description The slot that decided the verdict */
                                since: string | null;
                                /** @description No result within three intervals: its verdict does not count */
                                stale: boolean;
                                /** @description Slots in a row that were up */
                                successes: number;
                                /** @enum {string} */
                                verdict: "up" | "down" | "unknown";
                            }[];
                            target: string;
                            /**
                             * @description Of the check as a whole, by its thresholds and the quorum of its regions
                             * @enum {string}
                             */
                            verdict: "up" | "down" | "unknown";
                        }[];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description A field of the path, the query or the body is wrong */
            400: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no token, or one that is not known */
            401: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token may not do this */
            403: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It exists already, or is under way */
            409: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not what If-Match or If-None-Match expects */
            412: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the queue does not answer */
            503: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Any other problem */
            default: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listTokens: {
        parameters: {
            query?: {
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": "k3m7q2xa",
                     *           "name": "web team",
                     *           "scopes": [
                     *             "read",
                     *             "write"
                     *           ],
                     *           "labels": {
                     *             "team": "web"
                     *           },
                     *           "expiresAt": "2027-01-01T00:00:00.000Z",
                     *           "createdAt": "2026-01-01T00:00:00.000Z",
                     *           "lastUsedAt": null
                     *         }
                     *       ],
                     *       "nextCursor": null
                     *     }
                     */
                    "application/json": {
                        items: {
                            /** Format: date-time */
                            createdAt: string;
                            expiresAt: string | null;
                            id: string;
                            /** @description It reaches checks that have all of these, and nothing else */
                            labels: {
                                [key: string]: string;
                            };
                            /** @description To the minute */
                            lastUsedAt: string | null;
                            name: string;
                            scopes: string[];
                        }[];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description A field of the path, the query or the body is wrong */
            400: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no token, or one that is not known */
            401: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token may not do this */
            403: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It exists already, or is under way */
            409: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not what If-Match or If-None-Match expects */
            412: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the queue does not answer */
            503: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Any other problem */
            default: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createToken: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Done once: who asks again within a day has the same answer
                 * @example 8e03978e-40d5-43dd-bc93-6894a57f9324
                 */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "web team",
                 *       "scopes": [
                 *         "read",
                 *         "write"
                 *       ],
                 *       "labels": {
                 *         "team": "web"
                 *       },
                 *       "expiresAt": "2027-01-01T00:00:00Z"
                 *     }
                 */
                "application/json": {
                    /** @default null */
                    expiresAt?: string | null;
                    /** @default {} */
                    labels?: {
                        [key: string]: string;
                    };
                    name: string;
                    scopes: ("read" | "write" | "run" | "admin")[];
                };
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    /**
                     * @description Names this state of the document, for If-Match and If-None-Match
                     * @example "42"
                     */
                    etag?: string;
                    /** @description Where it is */
                    location?: string;
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "k3m7q2xa",
                     *       "name": "web team",
                     *       "scopes": [
                     *         "read",
                     *         "write"
                     *       ],
                     *       "labels": {
                     *         "team": "web"
                     *       },
                     *       "expiresAt": "2027-01-01T00:00:00.000Z",
                     *       "createdAt": "2026-01-01T00:00:00.000Z",
                     *       "lastUsedAt": null,
                     *       "token": "sonde_k3m7q2xa_… (shown this once)"
                     *     }
                     */
                    "application/json": {
                        /** Format: date-time */
                        createdAt: string;
                        expiresAt: string | null;
                        id: string;
                        /** @description It reaches checks that have all of these, and nothing else */
                        labels: {
                            [key: string]: string;
                        };
                        /** @description To the minute */
                        lastUsedAt: string | null;
                        name: string;
                        scopes: string[];
                        /** @description Shown this once: its digest alone is kept */
                        token: string;
                    };
                };
            };
            /** @description A field of the path, the query or the body is wrong */
            400: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no token, or one that is not known */
            401: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token may not do this */
            403: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It exists already, or is under way */
            409: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not what If-Match or If-None-Match expects */
            412: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the queue does not answer */
            503: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Any other problem */
            default: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getToken: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description 304 if it is in this state still
                 * @example "42"
                 */
                "If-None-Match"?: string;
            };
            path: {
                /**
                 * @description The part between the first and the second _ of the token
                 * @example k3m7q2xa
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /**
                     * @description Names this state of the document, for If-Match and If-None-Match
                     * @example "42"
                     */
                    etag?: string;
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "k3m7q2xa",
                     *       "name": "web team",
                     *       "scopes": [
                     *         "read",
                     *         "write"
                     *       ],
                     *       "labels": {
                     *         "team": "web"
                     *       },
                     *       "expiresAt": "2027-01-01T00:00:00.000Z",
                     *       "createdAt": "2026-01-01T00:00:00.000Z",
                     *       "lastUsedAt": null
                     *     }
                     */
                    "application/json": {
                        /** Format: date-time */
                        createdAt: string;
                        expiresAt: string | null;
                        id: string;
                        /** @description It reaches checks that have all of these, and nothing else */
                        labels: {
                            [key: string]: string;
                        };
                        /** @description To the minute */
                        lastUsedAt: string | null;
                        name: string;
                        scopes: string[];
                    };
                };
            };
            /** @description The reader has this state already */
            304: {
                headers: {
                    /**
                     * @description Names this state of the document, for If-Match and If-None-Match
                     * @example "42"
                     */
                    etag?: string;
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A field of the path, the query or the body is wrong */
            400: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no token, or one that is not known */
            401: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token may not do this */
            403: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It exists already, or is under way */
            409: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not what If-Match or If-None-Match expects */
            412: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the queue does not answer */
            503: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Any other problem */
            default: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    putToken: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Only if the document is in this state still; 412 otherwise
                 * @example "42"
                 */
                "If-Match"?: string;
                /**
                 * @description `*`: only if there is none yet
                 * @example *
                 */
                "If-None-Match"?: string;
            };
            path: {
                /**
                 * @description The part between the first and the second _ of the token
                 * @example k3m7q2xa
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "web team",
                 *       "scopes": [
                 *         "read",
                 *         "write"
                 *       ],
                 *       "labels": {
                 *         "team": "web"
                 *       },
                 *       "expiresAt": "2027-01-01T00:00:00Z"
                 *     }
                 */
                "application/json": {
                    /** @default null */
                    expiresAt?: string | null;
                    /** @default {} */
                    labels?: {
                        [key: string]: string;
                    };
                    name: string;
                    scopes: ("read" | "write" | "run" | "admin")[];
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /**
                     * @description Names this state of the document, for If-Match and If-None-Match
                     * @example "42"
                     */
                    etag?: string;
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "k3m7q2xa",
                     *       "name": "web team",
                     *       "scopes": [
                     *         "read",
                     *         "write"
                     *       ],
                     *       "labels": {
                     *         "team": "web"
                     *       },
                     *       "expiresAt": "2027-01-01T00:00:00.000Z",
                     *       "createdAt": "2026-01-01T00:00:00.000Z",
                     *       "lastUsedAt": null
                     *     }
                     */
                    "application/json": {
                        /** Format: date-time */
                        createdAt: string;
                        expiresAt: string | null;
                        id: string;
                        /** @description It reaches checks that have all of these, and nothing else */
                        labels: {
                            [key: string]: string;
                        };
                        /** @description To the minute */
                        lastUsedAt: string | null;
                        name: string;
                        scopes: string[];
                    };
                };
            };
            /** @description A field of the path, the query or the body is wrong */
            400: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no token, or one that is not known */
            401: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token may not do this */
            403: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It exists already, or is under way */
            409: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not what If-Match or If-None-Match expects */
            412: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the queue does not answer */
            503: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Any other problem */
            default: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteToken: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Only if the document is in this state still; 412 otherwise
                 * @example "42"
                 */
                "If-Match"?: string;
            };
            path: {
                /**
                 * @description The part between the first and the second _ of the token
                 * @example k3m7q2xa
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; there is nothing to say */
            204: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A field of the path, the query or the body is wrong */
            400: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no token, or one that is not known */
            401: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token may not do this */
            403: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It exists already, or is under way */
            409: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not what If-Match or If-None-Match expects */
            412: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the queue does not answer */
            503: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Any other problem */
            default: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    patchToken: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Only if the document is in this state still; 412 otherwise
                 * @example "42"
                 */
                "If-Match"?: string;
            };
            path: {
                /**
                 * @description The part between the first and the second _ of the token
                 * @example k3m7q2xa
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "scopes": [
                 *         "read"
                 *       ]
                 *     }
                 */
                "application/json": {
                    [key: string]: unknown;
                };
                /**
                 * @example {
                 *       "scopes": [
                 *         "read"
                 *       ]
                 *     }
                 */
                "application/merge-patch+json": {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /**
                     * @description Names this state of the document, for If-Match and If-None-Match
                     * @example "42"
                     */
                    etag?: string;
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "k3m7q2xa",
                     *       "name": "web team",
                     *       "scopes": [
                     *         "read"
                     *       ],
                     *       "labels": {
                     *         "team": "web"
                     *       },
                     *       "expiresAt": "2027-01-01T00:00:00.000Z",
                     *       "createdAt": "2026-01-01T00:00:00.000Z",
                     *       "lastUsedAt": null
                     *     }
                     */
                    "application/json": {
                        /** Format: date-time */
                        createdAt: string;
                        expiresAt: string | null;
                        id: string;
                        /** @description It reaches checks that have all of these, and nothing else */
                        labels: {
                            [key: string]: string;
                        };
                        /** @description To the minute */
                        lastUsedAt: string | null;
                        name: string;
                        scopes: string[];
                    };
                };
            };
            /** @description A field of the path, the query or the body is wrong */
            400: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no token, or one that is not known */
            401: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The token may not do this */
            403: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing */
            404: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It exists already, or is under way */
            409: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not what If-Match or If-None-Match expects */
            412: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests */
            429: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The database or the queue does not answer */
            503: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Any other problem */
            default: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getHealthz: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "ok"
                     *     }
                     */
                    "application/json": {
                        status: string;
                    };
                };
            };
        };
    };
    getReadyz: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "ok",
                     *       "checks": {
                     *         "database": true,
                     *         "queue": true
                     *       }
                     *     }
                     */
                    "application/json": {
                        checks: {
                            [key: string]: true | string;
                        };
                        status: string;
                    };
                };
            };
            /** @description The database or the queue does not answer */
            503: {
                headers: {
                    /** @description What the log names the request by */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "not ready",
                     *       "checks": {
                     *         "database": "connect ECONNREFUSED 127.0.0.1:5432",
                     *         "queue": true
                     *       }
                     *     }
                     */
                    "application/json": {
                        checks: {
                            [key: string]: true | string;
                        };
                        status: string;
                    };
                };
            };
        };
    };
}
