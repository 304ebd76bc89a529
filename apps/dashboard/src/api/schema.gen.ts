// Made by `npm run generate` from the OpenAPI document; do not edit.

export type paths = {
    "/api/v1/sign-in-options": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What the sign-in page offers
         * @description While `signUp` is `first_owner` nobody has an account: the first sign-up takes the token that the server printed on its first start, in `UsageFlow-First-Owner-Token`. Accounts are made, and sessions begun and ended, below `/api/auth`.
         *
         *     Answers everybody.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            signUp: "open" | "closed" | "first_owner";
                            /** @enum {string} */
                            mail: "sent" | "outbox";
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who has signed in, and what they may do where
         * @description For whoever has signed in; no API key opens it.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            user: {
                                id: string;
                                email: string;
                                name: string;
                                emailVerified: boolean;
                                twoFactor: boolean;
                            };
                            session: {
                                id: string;
                            };
                            organizations: {
                                id: string;
                                name: string;
                                /** @enum {string} */
                                role: "OWNER" | "ADMIN" | "DEVELOPER" | "VIEWER";
                                permissions: string[];
                                /** @description null: nobody has deleted it. Until then an OWNER can restore it */
                                eraseAt: string | null;
                                environments: {
                                    /** @enum {string} */
                                    mode: "live" | "test";
                                    /**
                                     * @description An instant, ISO 8601 in UTC
                                     * @example 2026-03-01T00:00:00.000Z
                                     */
                                    now: string;
                                }[];
                            }[];
                            server: {
                                /** @enum {string} */
                                signUp: "open" | "closed" | "first_owner";
                                /** @enum {string} */
                                mail: "sent" | "outbox";
                            };
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/user": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change how others read your name
         * @description For whoever has signed in; no API key opens it.
         */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        name: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            id: string;
                            name: string;
                        };
                    };
                };
            };
        };
        trace?: never;
    };
    "/api/v1/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Where you are signed in
         * @description For whoever has signed in; no API key opens it.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: {
                                id: string;
                                isCurrent: boolean;
                                /**
                                 * @description An instant, ISO 8601 in UTC
                                 * @example 2026-03-01T00:00:00.000Z
                                 */
                                createdAt: string;
                                /**
                                 * @description An instant, ISO 8601 in UTC
                                 * @example 2026-03-01T00:00:00.000Z
                                 */
                                lastSeenAt: string;
                                /**
                                 * @description An instant, ISO 8601 in UTC
                                 * @example 2026-03-01T00:00:00.000Z
                                 */
                                expiresAt: string;
                                ipAddress: string | null;
                                userAgent: string | null;
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/{sessionId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * End one of your sessions, at once
         * @description For whoever has signed in; no API key opens it.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    sessionId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            ended: number;
                        };
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/end-others": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End all your sessions but this one
         * @description For whoever has signed in; no API key opens it.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            ended: number;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/development/outbox": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The messages that no mail server has sent
         * @description Only while no mail server is set and the server is reached at a loopback address; 404 otherwise.
         *
         *     Answers everybody.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: {
                                id: string;
                                to: string;
                                subject: string;
                                text: string;
                                /**
                                 * @description An instant, ISO 8601 in UTC
                                 * @example 2026-03-01T00:00:00.000Z
                                 */
                                createdAt: string;
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organizations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make an organization of your own
         * @description You become its OWNER. It has a live and a test environment.
         *
         *     For whoever has signed in; no API key opens it.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        name: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            id: string;
                            name: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organizations/{organizationId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Rename an organization
         * @description For members whose role has `organization:write`; no API key opens it.
         */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    organizationId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        name: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            id: string;
                            name: string;
                        };
                    };
                };
            };
        };
        trace?: never;
    };
    "/api/v1/organizations/{organizationId}/deletion": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Delete an organization
         * @description It is closed at once: keys and sessions are refused, nothing is billed and no webhook is sent. Until `eraseAt` it can be restored, and its log be read; then all of it is erased.
         *
         *     For members whose role has `organization:own`; no API key opens it.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path: {
                    organizationId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description That of the organization, typed out */
                        name: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            id: string;
                            /**
                             * @description An instant, ISO 8601 in UTC
                             * @example 2026-03-01T00:00:00.000Z
                             */
                            eraseAt: string;
                        };
                    };
                };
            };
        };
        /**
         * Restore a deleted organization
         * @description What fell due while it was closed, like invoices, is done now.
         *
         *     For members whose role has `organization:own`; no API key opens it.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    organizationId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            id: string;
                            /** @enum {boolean} */
                            restored: true;
                        };
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organizations/{organizationId}/members": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the members
         * @description For members whose role has `members:read`; no API key opens it.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    organizationId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: {
                                userId: string;
                                email: string;
                                name: string;
                                /** @enum {string} */
                                role: "OWNER" | "ADMIN" | "DEVELOPER" | "VIEWER";
                                /**
                                 * @description An instant, ISO 8601 in UTC
                                 * @example 2026-03-01T00:00:00.000Z
                                 */
                                joinedAt: string;
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organizations/{organizationId}/members/{userId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Remove a member, at once
         * @description API keys that they made go on working: rotate the ones they have seen.
         *
         *     For members whose role has `members:write`; no API key opens it.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    organizationId: string;
                    userId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            userId: string;
                            /** @enum {boolean} */
                            removed: true;
                        };
                    };
                };
            };
        };
        options?: never;
        head?: never;
        /**
         * Give a member another role
         * @description Nobody gives or takes a role above their own, and there is always an OWNER.
         *
         *     For members whose role has `members:write`; no API key opens it.
         */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    organizationId: string;
                    userId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @enum {string} */
                        role: "OWNER" | "ADMIN" | "DEVELOPER" | "VIEWER";
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            userId: string;
                            /** @enum {string} */
                            role: "OWNER" | "ADMIN" | "DEVELOPER" | "VIEWER";
                        };
                    };
                };
            };
        };
        trace?: never;
    };
    "/api/v1/organizations/{organizationId}/leave": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Leave an organization
         * @description Invitations of the organization to your address end too: only a new one lets you back in.
         *
         *     For members whose role has `organization:read`; no API key opens it.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path: {
                    organizationId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            userId: string;
                            /** @enum {boolean} */
                            removed: true;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organizations/{organizationId}/transfer": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Hand an organization to another member
         * @description They become OWNER, you become ADMIN.
         *
         *     For members whose role has `organization:own`; no API key opens it.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path: {
                    organizationId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        userId: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            userId: string;
                            /** @enum {string} */
                            role: "OWNER" | "ADMIN" | "DEVELOPER" | "VIEWER";
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organizations/{organizationId}/invitations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the invitations that nobody has accepted yet
         * @description For members whose role has `members:read`; no API key opens it.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    organizationId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: {
                                id: string;
                                email: string;
                                /** @enum {string} */
                                role: "OWNER" | "ADMIN" | "DEVELOPER" | "VIEWER";
                                invitedBy: string;
                                /**
                                 * @description An instant, ISO 8601 in UTC
                                 * @example 2026-03-01T00:00:00.000Z
                                 */
                                createdAt: string;
                                /**
                                 * @description An instant, ISO 8601 in UTC
                                 * @example 2026-03-01T00:00:00.000Z
                                 */
                                expiresAt: string;
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        /**
         * Invite somebody by e-mail
         * @description For members whose role has `members:write`; no API key opens it.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path: {
                    organizationId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** Format: email */
                        email: string;
                        /** @enum {string} */
                        role: "OWNER" | "ADMIN" | "DEVELOPER" | "VIEWER";
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            id: string;
                            email: string;
                            /** @enum {string} */
                            role: "OWNER" | "ADMIN" | "DEVELOPER" | "VIEWER";
                            invitedBy: string;
                            /**
                             * @description An instant, ISO 8601 in UTC
                             * @example 2026-03-01T00:00:00.000Z
                             */
                            createdAt: string;
                            /**
                             * @description An instant, ISO 8601 in UTC
                             * @example 2026-03-01T00:00:00.000Z
                             */
                            expiresAt: string;
                            /** @description What the message says too, for another way to them. Shown for the only time */
                            link: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organizations/{organizationId}/invitations/{invitationId}/resend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send an invitation again, for another seven days
         * @description Its link so far ends. It gives nothing that you could not give.
         *
         *     For members whose role has `members:write`; no API key opens it.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path: {
                    organizationId: string;
                    invitationId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            id: string;
                            email: string;
                            /** @enum {string} */
                            role: "OWNER" | "ADMIN" | "DEVELOPER" | "VIEWER";
                            invitedBy: string;
                            /**
                             * @description An instant, ISO 8601 in UTC
                             * @example 2026-03-01T00:00:00.000Z
                             */
                            createdAt: string;
                            /**
                             * @description An instant, ISO 8601 in UTC
                             * @example 2026-03-01T00:00:00.000Z
                             */
                            expiresAt: string;
                            /** @description What the message says too, for another way to them. Shown for the only time */
                            link: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organizations/{organizationId}/invitations/{invitationId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Take an invitation back
         * @description For members whose role has `members:write`; no API key opens it.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    organizationId: string;
                    invitationId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            id: string;
                            /** @enum {boolean} */
                            revoked: true;
                        };
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/invitation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read what an invitation is to
         * @description Send its token in `UsageFlow-Invitation`.
         *
         *     Answers everybody.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            organization: string;
                            /** @description null: they have left since */
                            inviter: string | null;
                            email: string;
                            /** @enum {string} */
                            role: "OWNER" | "ADMIN" | "DEVELOPER" | "VIEWER";
                            /**
                             * @description An instant, ISO 8601 in UTC
                             * @example 2026-03-01T00:00:00.000Z
                             */
                            expiresAt: string;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/invitations/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Accept an invitation
         * @description Signed in with the address it was sent to. Where sign-up is closed, the token also lets that address make an account: send it in `UsageFlow-Invitation` with the sign-up.
         *
         *     For whoever has signed in; no API key opens it.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        token: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            organizationId: string;
                            /** @enum {string} */
                            role: "OWNER" | "ADMIN" | "DEVELOPER" | "VIEWER";
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organizations/{organizationId}/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the API keys of both environments
         * @description For members whose role has `keys:read`; no API key opens it.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    organizationId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: {
                                id: string;
                                /** @enum {string} */
                                mode: "live" | "test";
                                name: string;
                                prefix: string;
                                lastFour: string;
                                scopes: string[];
                                /**
                                 * @description An instant, ISO 8601 in UTC
                                 * @example 2026-03-01T00:00:00.000Z
                                 */
                                createdAt: string;
                                lastUsedAt: string | null;
                                expiresAt: string | null;
                                revokedAt: string | null;
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        /**
         * Make an API key
         * @description It may do no more than you. The answer shows it for the only time.
         *
         *     For members whose role has `keys:write`; no API key opens it.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path: {
                    organizationId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @enum {string} */
                        mode: "live" | "test";
                        name: string;
                        scopes: ("usage:write" | "usage:read" | "catalog:read" | "catalog:write" | "customers:read" | "customers:write" | "billing:read" | "billing:write" | "webhooks:read" | "webhooks:write" | "control:read" | "control:write" | "control:report" | "clock:write")[];
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            id: string;
                            /** @description Shown here for the only time */
                            key: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organizations/{organizationId}/keys/{keyId}/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make the successor of an API key
         * @description Both work for `graceHours`; then the old one ends.
         *
         *     For members whose role has `keys:write`; no API key opens it.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path: {
                    organizationId: string;
                    keyId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @default 24 */
                        graceHours?: number;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            id: string;
                            /** @description Shown here for the only time */
                            key: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organizations/{organizationId}/keys/{keyId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * End an API key, everywhere within a second
         * @description For members whose role has `keys:write`; no API key opens it.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    organizationId: string;
                    keyId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            id: string;
                            /** @enum {boolean} */
                            revoked: true;
                        };
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organizations/{organizationId}/sign-on": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How members sign on
         * @description For members whose role has `members:read`; no API key opens it.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    organizationId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description null: none is set up */
                            connection: {
                                issuer: string;
                                clientId: string;
                                /** @enum {string} */
                                role: "ADMIN" | "DEVELOPER" | "VIEWER";
                                enabled: boolean;
                                enforced: boolean;
                                /**
                                 * @description An instant, ISO 8601 in UTC
                                 * @example 2026-03-01T00:00:00.000Z
                                 */
                                changedAt: string;
                            } | null;
                            /** @description The e-mail domains that the operator of the server has allowed */
                            domains: string[];
                            /** @description What the issuer must know as the redirect address, to the letter: it is of this organization alone */
                            redirectUrl: string;
                            /** @description Where members sign on */
                            signInUrl: string;
                        };
                    };
                };
            };
        };
        /**
         * Set up sign-on through an issuer of OpenID Connect
         * @description Asks the issuer what it is before anything is stored. Whoever is bound by it from now on is signed out.
         *
         *     For members whose role has `sign_on:write`; no API key opens it.
         */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    organizationId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @example https://login.example.com */
                        issuer: string;
                        clientId: string;
                        /** @description Stored sealed, and never shown. Left out: as it was */
                        clientSecret?: string;
                        /**
                         * @description What somebody new becomes
                         * @enum {string}
                         */
                        role: "ADMIN" | "DEVELOPER" | "VIEWER";
                        enabled: boolean;
                        /** @description Whether members of the domains, but OWNERs, can sign in no other way */
                        enforced: boolean;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            issuer: string;
                            clientId: string;
                            /** @enum {string} */
                            role: "ADMIN" | "DEVELOPER" | "VIEWER";
                            enabled: boolean;
                            enforced: boolean;
                            /**
                             * @description An instant, ISO 8601 in UTC
                             * @example 2026-03-01T00:00:00.000Z
                             */
                            changedAt: string;
                        };
                    };
                };
            };
        };
        post?: never;
        /**
         * Remove the connection
         * @description Members keep their accounts. Who has no password asks for a link to choose one.
         *
         *     For members whose role has `sign_on:write`; no API key opens it.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    organizationId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {boolean} */
                            removed: true;
                        };
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organizations/{organizationId}/sign-on/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask the issuer whether it is still there
         * @description Whether it knows the client and its secret shows only when somebody signs on.
         *
         *     For members whose role has `sign_on:write`; no API key opens it.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path: {
                    organizationId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            issuer: string;
                            /** @enum {boolean} */
                            answers: true;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organizations/{organizationId}/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who changed what, or read what is sensitive, the latest first
         * @description `action` finds a part of the text, the other words are whole. Reading the log is noted in it.
         *
         *     For members whose role has `audit:read`; no API key opens it.
         */
        get: {
            parameters: {
                query?: {
                    /** @description How many rows at most; 50 when left out */
                    limit?: number;
                    cursor?: string;
                    actor?: string;
                    target?: string;
                    action?: string;
                    /** @description An instant, ISO 8601 with zone */
                    from?: string;
                    /** @description An instant, ISO 8601 with zone */
                    to?: string;
                };
                header?: never;
                path: {
                    organizationId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: {
                                id: string;
                                /**
                                 * @description An instant, ISO 8601 in UTC
                                 * @example 2026-03-01T00:00:00.000Z
                                 */
                                at: string;
                                /** @description null: the organization itself */
                                mode: ("live" | "test") | null;
                                actor: {
                                    kind: string;
                                    id: string;
                                    /** @description E-mail address of the person or name of the key, as it is today */
                                    name: string | null;
                                };
                                /** @example POST /api/v1/plans */
                                action: string;
                                target: string | null;
                                requestId: string;
                                detail: unknown;
                                /** @description Its place in the chain of seals; null for the second until it has one */
                                position: string | null;
                            }[];
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organizations/{organizationId}/audit/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export the log as CSV or NDJSON
         * @description All that the filter lets through, the latest first, in one answer of any length. A cell that a spreadsheet would run begins with an apostrophe.
         *
         *     For members whose role has `audit:read`; no API key opens it.
         */
        get: {
            parameters: {
                query?: {
                    actor?: string;
                    target?: string;
                    action?: string;
                    /** @description An instant, ISO 8601 with zone */
                    from?: string;
                    /** @description An instant, ISO 8601 with zone */
                    to?: string;
                    format?: "csv" | "ndjson";
                };
                header?: never;
                path: {
                    organizationId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description text/csv or application/x-ndjson */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": string;
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/track": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Record one usage event
         * @description Answers 201 the first time and 200 with `duplicate: true` and the same id for a repeat with the same `Idempotency-Key`. Without a key the event is stored each time that it is sent.
         *
         *     Needs the scope `usage:write`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["TrackedEventInput"];
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Recorded"];
                    };
                };
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Recorded"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List a customer's events, or find the event of a key
         * @description Of a customer: the latest first, at the time at which each counts, from `from` until before `to`. By `idempotencyKey`: one event or none.
         *
         *     Needs the scope `usage:read`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description How many rows at most; 50 when left out */
                    limit?: number;
                    cursor?: string;
                    /** @description Your own name for the customer */
                    customerId?: string;
                    idempotencyKey?: string;
                    name?: string;
                    /** @description An instant, ISO 8601 with zone */
                    from?: string;
                    /** @description An instant, ISO 8601 with zone */
                    to?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: components["schemas"]["Event"][];
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        /**
         * Record usage events
         * @description One event is answered as at `/api/track`. An array of up to 1,000 is answered 200 with a result for each, in their order; one that is refused does no harm to the others. A stream of any length is sent as `Content-Type: application/x-ndjson`, one event a line, and answered with one result a line.
         *
         *     Needs the scope `usage:write`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["SentEventInput"] | components["schemas"]["SentEventInput"][];
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Recorded"] | components["schemas"]["Results"];
                    };
                };
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Recorded"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/tail": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Watch events as they arrive
         * @description Server-sent events: `live` once nothing that is committed from then on is missed, `usage` with an event as data, `gap` where events were left out because more came than anybody reads, or than the connection took.
         *
         *     Needs the scope `usage:read`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description Your own name for the customer */
                    customerId?: string;
                    name?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description text/event-stream */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": string;
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/newest": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the events that were stored last
         * @description Of all customers, the newest first, as far as they are near the end of what is stored; there are no further pages. The tail goes on from there.
         *
         *     Needs the scope `usage:read`.
         */
        get: {
            parameters: {
                query?: {
                    name?: string;
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: components["schemas"]["Event"][];
                            /** @description Whether any event is stored, however long ago */
                            hasEvents: boolean;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/{eventId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read one event with its corrections
         * @description Needs the scope `usage:read`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    eventId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Event"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/{eventId}/void": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Void an event
         * @description It counts no longer, in no meter, and stays to be seen. It cannot be undone.
         *
         *     Needs the scope `usage:write`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path: {
                    eventId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /**
                         * @description For people
                         * @example sent twice
                         */
                        reason?: string;
                    } | null;
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Event"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/{eventId}/amend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Amend an event
         * @description It counts with the amount, metadata or time that is sent, and otherwise as before. What was received stays to be seen.
         *
         *     Needs the scope `usage:write`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path: {
                    eventId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /**
                         * @description As of an event
                         * @example 12.5
                         */
                        amount?: unknown;
                        /** @description As of an event; replaces it whole */
                        metadata?: unknown;
                        /** @description As of an event */
                        timestamp?: unknown;
                        /**
                         * @description For people
                         * @example sent twice
                         */
                        reason?: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Event"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/imports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List imports, the latest first
         * @description Needs the scope `usage:read`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description How many rows at most; 50 when left out */
                    limit?: number;
                    cursor?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: components["schemas"]["Import"][];
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        /**
         * Open an import
         * @description Events sent with its `importId` may be as old as its window reaches, from `from` until before `to`.
         *
         *     Needs the scope `usage:write`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /**
                         * @description Where the events come from
                         * @example access.log
                         */
                        source: string;
                        /**
                         * Format: date-time
                         * @description An instant, ISO 8601 with zone
                         * @example 2026-03-01T00:00:00Z
                         */
                        from: string;
                        /**
                         * Format: date-time
                         * @description An instant, ISO 8601 with zone
                         * @example 2026-03-01T00:00:00Z
                         */
                        to: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Import"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/imports/{importId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read one import
         * @description Needs the scope `usage:read`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    importId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Import"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/imports/{importId}/revert": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Revert an import
         * @description It takes no more events, and those it brought are void: the first 20,000 when this answers, the others soon after.
         *
         *     Needs the scope `usage:write`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path: {
                    importId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Import"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List meters
         * @description Needs the scope `catalog:read`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description How many rows at most; 50 when left out */
                    limit?: number;
                    cursor?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: components["schemas"]["Meter"][];
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        /**
         * Make a meter
         * @description It counts the events of its name that are stored already, and every later one. What it counts cannot be changed afterwards.
         *
         *     Needs the scope `catalog:write`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @example API_CALL */
                        key: string;
                        name?: string;
                        /**
                         * @description What one is called
                         * @default
                         * @example call
                         */
                        unit?: string;
                        /**
                         * @description Of usage that comes after its period was invoiced: `bill` passes on what it changes, `credit` only what is in the favour of the customer, `absorb` nothing. All of it is told on the next invoice
                         * @default bill
                         * @enum {string}
                         */
                        lateUsage?: "bill" | "credit" | "absorb";
                        /** @description Which events; those that bear the key if left out */
                        eventName?: string;
                        /**
                         * @default SUM
                         * @enum {string}
                         */
                        aggregation?: "COUNT" | "SUM" | "MAX" | "MIN" | "AVG" | "LAST" | "UNIQUE";
                        valueProperty?: string[] | null;
                        filter?: components["schemas"]["MeterFilterInput"] | null;
                        /** @default [] */
                        groupBy?: string[];
                        /**
                         * @description From what is aggregated to the unit: multiply or divide
                         * @example {
                         *       "divisor": "1000000000"
                         *     }
                         */
                        conversion?: {
                            /**
                             * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                             * @example 0.01
                             */
                            factor?: string | number;
                            /**
                             * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                             * @example 0.01
                             */
                            divisor?: string | number;
                        } | null;
                        /**
                         * @description Of the quantity, after the conversion
                         * @default {
                         *       "mode": "none",
                         *       "digits": 0
                         *     }
                         * @example {
                         *       "mode": "up"
                         *     }
                         */
                        rounding?: {
                            /** @enum {string} */
                            mode: "none" | "up" | "down" | "nearest";
                            /** @default 0 */
                            digits?: number;
                        };
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Meter"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meters/{meter}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a meter
         * @description Needs the scope `catalog:read`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Id or key */
                    meter: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Meter"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        /**
         * Archive a meter
         * @description It can no longer be priced and leaves the list. Its key stays taken, and who pays by it goes on paying.
         *
         *     Needs the scope `catalog:write`.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Id or key */
                    meter: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Meter"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        /**
         * Change the name or the unit of a meter, or what becomes of late usage
         * @description Needs the scope `catalog:write`.
         */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Id or key */
                    meter: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        name?: string;
                        /**
                         * @description What one is called
                         * @example call
                         */
                        unit?: string;
                        /**
                         * @description Of usage that comes after its period was invoiced: `bill` passes on what it changes, `credit` only what is in the favour of the customer, `absorb` nothing. All of it is told on the next invoice
                         * @enum {string}
                         */
                        lateUsage?: "bill" | "credit" | "absorb";
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Meter"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/api/v1/usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read usage
         * @description The quantity that a meter says for `[from, to)`: as a whole, as a series of hours, days or months in a time zone, and by customer or property. Hours and days without usage are in the series.
         *
         *     Needs the scope `usage:read`.
         */
        get: {
            parameters: {
                query: {
                    /** @description Id or key */
                    meter: string;
                    /** @description Your own name for the customer */
                    customerId?: string;
                    /** @description An instant, ISO 8601 with zone */
                    from: string;
                    /** @description Exclusive; now if left out */
                    to?: string;
                    window?: "hour" | "day" | "month";
                    /** @description IANA name */
                    timeZone?: string;
                    /** @description `customer`, or a metadata property as a dotted path */
                    groupBy?: string;
                    /** @description How many groups, the greatest first, when there are no windows */
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            meter: string;
                            unit: string;
                            total: {
                                /**
                                 * @description An instant, ISO 8601 in UTC
                                 * @example 2026-03-01T00:00:00.000Z
                                 */
                                from: string;
                                /**
                                 * @description An instant, ISO 8601 in UTC
                                 * @example 2026-03-01T00:00:00.000Z
                                 */
                                to: string;
                                customerId?: string;
                                /** @description What the property is; null: missing, or no scalar */
                                group?: string | number | boolean | null;
                                /** @description In the unit of the meter; null: nothing that could be the answer */
                                quantity: string | null;
                                events: string;
                                /** @description Events that passed the filter and had no usable value */
                                notCounted: string;
                            };
                            data: {
                                /**
                                 * @description An instant, ISO 8601 in UTC
                                 * @example 2026-03-01T00:00:00.000Z
                                 */
                                from: string;
                                /**
                                 * @description An instant, ISO 8601 in UTC
                                 * @example 2026-03-01T00:00:00.000Z
                                 */
                                to: string;
                                customerId?: string;
                                /** @description What the property is; null: missing, or no scalar */
                                group?: string | number | boolean | null;
                                /** @description In the unit of the meter; null: nothing that could be the answer */
                                quantity: string | null;
                                events: string;
                                /** @description Events that passed the filter and had no usable value */
                                notCounted: string;
                            }[];
                            /**
                             * @description Everything stored before it is counted
                             * @example 2026-03-01T00:00:00.000Z
                             */
                            asOf: string;
                            lagSeconds: number;
                            /** @description Whether the events that are older than the meter are all counted */
                            complete: boolean;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meters/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Try a meter on stored events
         * @description What a meter with this rule would have counted in `[from, to)`, and the customers with most of it. Nothing is saved.
         *
         *     Needs the scope `usage:read`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        eventName: string;
                        /**
                         * @default SUM
                         * @enum {string}
                         */
                        aggregation?: "COUNT" | "SUM" | "MAX" | "MIN" | "AVG" | "LAST" | "UNIQUE";
                        valueProperty?: string[] | null;
                        filter?: components["schemas"]["MeterFilterInput"] | null;
                        /** @default [] */
                        groupBy?: string[];
                        /**
                         * @description From what is aggregated to the unit: multiply or divide
                         * @example {
                         *       "divisor": "1000000000"
                         *     }
                         */
                        conversion?: {
                            /**
                             * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                             * @example 0.01
                             */
                            factor?: string | number;
                            /**
                             * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                             * @example 0.01
                             */
                            divisor?: string | number;
                        } | null;
                        /**
                         * @description Of the quantity, after the conversion
                         * @default {
                         *       "mode": "none",
                         *       "digits": 0
                         *     }
                         * @example {
                         *       "mode": "up"
                         *     }
                         */
                        rounding?: {
                            /** @enum {string} */
                            mode: "none" | "up" | "down" | "nearest";
                            /** @default 0 */
                            digits?: number;
                        };
                        /**
                         * @description Your own name for the customer
                         * @example user_123
                         */
                        customerId?: string;
                        /**
                         * Format: date-time
                         * @description An instant, ISO 8601 with zone
                         * @example 2026-03-01T00:00:00Z
                         */
                        from: string;
                        /**
                         * Format: date-time
                         * @description An instant, ISO 8601 with zone
                         * @example 2026-03-01T00:00:00Z
                         */
                        to?: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            total: {
                                /**
                                 * @description An instant, ISO 8601 in UTC
                                 * @example 2026-03-01T00:00:00.000Z
                                 */
                                from: string;
                                /**
                                 * @description An instant, ISO 8601 in UTC
                                 * @example 2026-03-01T00:00:00.000Z
                                 */
                                to: string;
                                customerId?: string;
                                /** @description What the property is; null: missing, or no scalar */
                                group?: string | number | boolean | null;
                                /** @description In the unit of the meter; null: nothing that could be the answer */
                                quantity: string | null;
                                events: string;
                                /** @description Events that passed the filter and had no usable value */
                                notCounted: string;
                            };
                            data: {
                                /**
                                 * @description An instant, ISO 8601 in UTC
                                 * @example 2026-03-01T00:00:00.000Z
                                 */
                                from: string;
                                /**
                                 * @description An instant, ISO 8601 in UTC
                                 * @example 2026-03-01T00:00:00.000Z
                                 */
                                to: string;
                                customerId?: string;
                                /** @description What the property is; null: missing, or no scalar */
                                group?: string | number | boolean | null;
                                /** @description In the unit of the meter; null: nothing that could be the answer */
                                quantity: string | null;
                                events: string;
                                /** @description Events that passed the filter and had no usable value */
                                notCounted: string;
                            }[];
                            /**
                             * @description Everything stored before it is counted
                             * @example 2026-03-01T00:00:00.000Z
                             */
                            asOf: string;
                            lagSeconds: number;
                            /** @description Whether the events that are older than the meter are all counted */
                            complete: boolean;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/plans": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List plans
         * @description Needs the scope `catalog:read`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description How many rows at most; 50 when left out */
                    limit?: number;
                    cursor?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: components["schemas"]["Plan"][];
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        /**
         * Make a plan
         * @description Needs the scope `catalog:write`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @example pro */
                        key: string;
                        name: string;
                        /**
                         * @description ISO 4217
                         * @example USD
                         */
                        currency: string;
                        /** @enum {string} */
                        cycle: "day" | "week" | "month" | "quarter" | "year";
                        /**
                         * @description Of a whole period, in the major unit
                         * @example 100
                         */
                        basePrice?: string | number;
                        /** @default false */
                        baseInAdvance?: boolean;
                        /**
                         * @description How long the end of a period waits for late events
                         * @default 3600
                         */
                        graceSeconds?: number;
                        prices?: ({
                            /** @enum {string} */
                            model: "per_unit";
                            /**
                             * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                             * @example 0.01
                             */
                            unitPrice: string | number;
                            /**
                             * @description Units of a whole period that cost nothing
                             * @example 10000
                             */
                            includedUnits?: string | number;
                            /**
                             * @description What the usage of a period costs at least
                             * @example 0.01
                             */
                            minimum?: string | number;
                            /**
                             * @description What the usage of a period costs at most
                             * @example 0.01
                             */
                            maximum?: string | number;
                            /**
                             * @description Id or key of the meter
                             * @example API_CALL
                             */
                            meter: string;
                            taxRate?: string | null;
                        } | {
                            /** @enum {string} */
                            model: "package";
                            /**
                             * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                             * @example 0.01
                             */
                            packageSize: string | number;
                            /**
                             * @description Of each started package
                             * @example 0.01
                             */
                            packagePrice: string | number;
                            /**
                             * @description Units of a whole period that cost nothing
                             * @example 10000
                             */
                            includedUnits?: string | number;
                            /**
                             * @description What the usage of a period costs at least
                             * @example 0.01
                             */
                            minimum?: string | number;
                            /**
                             * @description What the usage of a period costs at most
                             * @example 0.01
                             */
                            maximum?: string | number;
                            /**
                             * @description Id or key of the meter
                             * @example API_CALL
                             */
                            meter: string;
                            taxRate?: string | null;
                        } | {
                            /** @enum {string} */
                            model: "graduated";
                            tiers: {
                                /** @description Up to and including; null for the last tier, and for no other */
                                upTo: (string | number) | null;
                                /**
                                 * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                 * @example 0.01
                                 */
                                unitPrice: string | number;
                                /**
                                 * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                 * @example 0.01
                                 */
                                flatFee?: string | number;
                            }[];
                            /**
                             * @description Units of a whole period that cost nothing
                             * @example 10000
                             */
                            includedUnits?: string | number;
                            /**
                             * @description What the usage of a period costs at least
                             * @example 0.01
                             */
                            minimum?: string | number;
                            /**
                             * @description What the usage of a period costs at most
                             * @example 0.01
                             */
                            maximum?: string | number;
                            /**
                             * @description Id or key of the meter
                             * @example API_CALL
                             */
                            meter: string;
                            taxRate?: string | null;
                        } | {
                            /** @enum {string} */
                            model: "volume";
                            tiers: {
                                /** @description Up to and including; null for the last tier, and for no other */
                                upTo: (string | number) | null;
                                /**
                                 * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                 * @example 0.01
                                 */
                                unitPrice: string | number;
                                /**
                                 * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                 * @example 0.01
                                 */
                                flatFee?: string | number;
                            }[];
                            /**
                             * @description Units of a whole period that cost nothing
                             * @example 10000
                             */
                            includedUnits?: string | number;
                            /**
                             * @description What the usage of a period costs at least
                             * @example 0.01
                             */
                            minimum?: string | number;
                            /**
                             * @description What the usage of a period costs at most
                             * @example 0.01
                             */
                            maximum?: string | number;
                            /**
                             * @description Id or key of the meter
                             * @example API_CALL
                             */
                            meter: string;
                            taxRate?: string | null;
                        } | {
                            /** @enum {string} */
                            model: "percentage";
                            /**
                             * @description Of the sum of the period
                             * @example 2.9
                             */
                            percent: string | number;
                            /**
                             * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                             * @example 0.01
                             */
                            fixedPerEvent?: string | number;
                            /**
                             * @description Units of a whole period that cost nothing
                             * @example 10000
                             */
                            includedUnits?: string | number;
                            /**
                             * @description What the usage of a period costs at least
                             * @example 0.01
                             */
                            minimum?: string | number;
                            /**
                             * @description What the usage of a period costs at most
                             * @example 0.01
                             */
                            maximum?: string | number;
                            /**
                             * @description Id or key of the meter
                             * @example API_CALL
                             */
                            meter: string;
                            taxRate?: string | null;
                        } | {
                            /** @enum {string} */
                            model: "by_dimension";
                            /**
                             * @description By which the meter groups
                             * @example [
                             *       "model"
                             *     ]
                             */
                            properties: string[];
                            cases: {
                                values: (string | number | boolean | null)[];
                                price: {
                                    /** @enum {string} */
                                    model: "per_unit";
                                    /**
                                     * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                     * @example 0.01
                                     */
                                    unitPrice: string | number;
                                    /**
                                     * @description Units of a whole period that cost nothing
                                     * @example 10000
                                     */
                                    includedUnits?: string | number;
                                    /**
                                     * @description What the usage of a period costs at least
                                     * @example 0.01
                                     */
                                    minimum?: string | number;
                                    /**
                                     * @description What the usage of a period costs at most
                                     * @example 0.01
                                     */
                                    maximum?: string | number;
                                } | {
                                    /** @enum {string} */
                                    model: "package";
                                    /**
                                     * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                     * @example 0.01
                                     */
                                    packageSize: string | number;
                                    /**
                                     * @description Of each started package
                                     * @example 0.01
                                     */
                                    packagePrice: string | number;
                                    /**
                                     * @description Units of a whole period that cost nothing
                                     * @example 10000
                                     */
                                    includedUnits?: string | number;
                                    /**
                                     * @description What the usage of a period costs at least
                                     * @example 0.01
                                     */
                                    minimum?: string | number;
                                    /**
                                     * @description What the usage of a period costs at most
                                     * @example 0.01
                                     */
                                    maximum?: string | number;
                                } | {
                                    /** @enum {string} */
                                    model: "graduated";
                                    tiers: {
                                        /** @description Up to and including; null for the last tier, and for no other */
                                        upTo: (string | number) | null;
                                        /**
                                         * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                         * @example 0.01
                                         */
                                        unitPrice: string | number;
                                        /**
                                         * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                         * @example 0.01
                                         */
                                        flatFee?: string | number;
                                    }[];
                                    /**
                                     * @description Units of a whole period that cost nothing
                                     * @example 10000
                                     */
                                    includedUnits?: string | number;
                                    /**
                                     * @description What the usage of a period costs at least
                                     * @example 0.01
                                     */
                                    minimum?: string | number;
                                    /**
                                     * @description What the usage of a period costs at most
                                     * @example 0.01
                                     */
                                    maximum?: string | number;
                                } | {
                                    /** @enum {string} */
                                    model: "volume";
                                    tiers: {
                                        /** @description Up to and including; null for the last tier, and for no other */
                                        upTo: (string | number) | null;
                                        /**
                                         * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                         * @example 0.01
                                         */
                                        unitPrice: string | number;
                                        /**
                                         * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                         * @example 0.01
                                         */
                                        flatFee?: string | number;
                                    }[];
                                    /**
                                     * @description Units of a whole period that cost nothing
                                     * @example 10000
                                     */
                                    includedUnits?: string | number;
                                    /**
                                     * @description What the usage of a period costs at least
                                     * @example 0.01
                                     */
                                    minimum?: string | number;
                                    /**
                                     * @description What the usage of a period costs at most
                                     * @example 0.01
                                     */
                                    maximum?: string | number;
                                } | {
                                    /** @enum {string} */
                                    model: "percentage";
                                    /**
                                     * @description Of the sum of the period
                                     * @example 2.9
                                     */
                                    percent: string | number;
                                    /**
                                     * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                     * @example 0.01
                                     */
                                    fixedPerEvent?: string | number;
                                    /**
                                     * @description Units of a whole period that cost nothing
                                     * @example 10000
                                     */
                                    includedUnits?: string | number;
                                    /**
                                     * @description What the usage of a period costs at least
                                     * @example 0.01
                                     */
                                    minimum?: string | number;
                                    /**
                                     * @description What the usage of a period costs at most
                                     * @example 0.01
                                     */
                                    maximum?: string | number;
                                };
                            }[];
                            /** @description For all other values, taken as one */
                            otherwise: {
                                /** @enum {string} */
                                model: "per_unit";
                                /**
                                 * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                 * @example 0.01
                                 */
                                unitPrice: string | number;
                                /**
                                 * @description Units of a whole period that cost nothing
                                 * @example 10000
                                 */
                                includedUnits?: string | number;
                                /**
                                 * @description What the usage of a period costs at least
                                 * @example 0.01
                                 */
                                minimum?: string | number;
                                /**
                                 * @description What the usage of a period costs at most
                                 * @example 0.01
                                 */
                                maximum?: string | number;
                            } | {
                                /** @enum {string} */
                                model: "package";
                                /**
                                 * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                 * @example 0.01
                                 */
                                packageSize: string | number;
                                /**
                                 * @description Of each started package
                                 * @example 0.01
                                 */
                                packagePrice: string | number;
                                /**
                                 * @description Units of a whole period that cost nothing
                                 * @example 10000
                                 */
                                includedUnits?: string | number;
                                /**
                                 * @description What the usage of a period costs at least
                                 * @example 0.01
                                 */
                                minimum?: string | number;
                                /**
                                 * @description What the usage of a period costs at most
                                 * @example 0.01
                                 */
                                maximum?: string | number;
                            } | {
                                /** @enum {string} */
                                model: "graduated";
                                tiers: {
                                    /** @description Up to and including; null for the last tier, and for no other */
                                    upTo: (string | number) | null;
                                    /**
                                     * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                     * @example 0.01
                                     */
                                    unitPrice: string | number;
                                    /**
                                     * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                     * @example 0.01
                                     */
                                    flatFee?: string | number;
                                }[];
                                /**
                                 * @description Units of a whole period that cost nothing
                                 * @example 10000
                                 */
                                includedUnits?: string | number;
                                /**
                                 * @description What the usage of a period costs at least
                                 * @example 0.01
                                 */
                                minimum?: string | number;
                                /**
                                 * @description What the usage of a period costs at most
                                 * @example 0.01
                                 */
                                maximum?: string | number;
                            } | {
                                /** @enum {string} */
                                model: "volume";
                                tiers: {
                                    /** @description Up to and including; null for the last tier, and for no other */
                                    upTo: (string | number) | null;
                                    /**
                                     * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                     * @example 0.01
                                     */
                                    unitPrice: string | number;
                                    /**
                                     * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                     * @example 0.01
                                     */
                                    flatFee?: string | number;
                                }[];
                                /**
                                 * @description Units of a whole period that cost nothing
                                 * @example 10000
                                 */
                                includedUnits?: string | number;
                                /**
                                 * @description What the usage of a period costs at least
                                 * @example 0.01
                                 */
                                minimum?: string | number;
                                /**
                                 * @description What the usage of a period costs at most
                                 * @example 0.01
                                 */
                                maximum?: string | number;
                            } | {
                                /** @enum {string} */
                                model: "percentage";
                                /**
                                 * @description Of the sum of the period
                                 * @example 2.9
                                 */
                                percent: string | number;
                                /**
                                 * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                 * @example 0.01
                                 */
                                fixedPerEvent?: string | number;
                                /**
                                 * @description Units of a whole period that cost nothing
                                 * @example 10000
                                 */
                                includedUnits?: string | number;
                                /**
                                 * @description What the usage of a period costs at least
                                 * @example 0.01
                                 */
                                minimum?: string | number;
                                /**
                                 * @description What the usage of a period costs at most
                                 * @example 0.01
                                 */
                                maximum?: string | number;
                            };
                            /**
                             * @description Id or key of the meter
                             * @example API_CALL
                             */
                            meter: string;
                            taxRate?: string | null;
                        })[];
                        flatPrices?: {
                            name: string;
                            /**
                             * @description In the major unit
                             * @example 20
                             */
                            amount: string | number;
                            /**
                             * @description For every period, or with the first one
                             * @enum {string}
                             */
                            recurring: "period" | "once";
                            /** @default null */
                            taxRate?: string | null;
                        }[];
                        /** @description Granted anew for each period */
                        credits?: {
                            /** @description Id or key: a credit of units */
                            meter?: string;
                            /**
                             * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                             * @example 0.01
                             */
                            units?: string | number;
                            /**
                             * @description A credit of money, in the major unit of the plan’s currency
                             * @example 0.01
                             */
                            amount?: string | number;
                            /** @default 100 */
                            priority?: number;
                            /** @default true */
                            isPromotional?: boolean;
                            /** @description How what is left goes over into the next period; null: it lapses */
                            rollover?: {
                                /** @description At most this goes over, units or money; null: all of it */
                                cap?: (string | number) | null;
                                /** @default 1 */
                                periods?: number;
                            } | null;
                        }[];
                        /** @description What a period costs at least, in the major unit */
                        minimum?: (string | number) | null;
                        /** @default 0 */
                        trialDays?: number;
                        /**
                         * @description From the invoice until it is due
                         * @default 0
                         */
                        netDays?: number;
                        /** @default null */
                        taxRate?: string | null;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Plan"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/plans/{plan}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Add a version to a plan
         * @description New subscriptions get it from now on; existing ones keep the version they have.
         *
         *     Needs the scope `catalog:write`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path: {
                    /** @description Id or key */
                    plan: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /**
                         * @description ISO 4217
                         * @example USD
                         */
                        currency: string;
                        /** @enum {string} */
                        cycle: "day" | "week" | "month" | "quarter" | "year";
                        /**
                         * @description Of a whole period, in the major unit
                         * @example 100
                         */
                        basePrice?: string | number;
                        /** @default false */
                        baseInAdvance?: boolean;
                        /**
                         * @description How long the end of a period waits for late events
                         * @default 3600
                         */
                        graceSeconds?: number;
                        prices?: ({
                            /** @enum {string} */
                            model: "per_unit";
                            /**
                             * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                             * @example 0.01
                             */
                            unitPrice: string | number;
                            /**
                             * @description Units of a whole period that cost nothing
                             * @example 10000
                             */
                            includedUnits?: string | number;
                            /**
                             * @description What the usage of a period costs at least
                             * @example 0.01
                             */
                            minimum?: string | number;
                            /**
                             * @description What the usage of a period costs at most
                             * @example 0.01
                             */
                            maximum?: string | number;
                            /**
                             * @description Id or key of the meter
                             * @example API_CALL
                             */
                            meter: string;
                            taxRate?: string | null;
                        } | {
                            /** @enum {string} */
                            model: "package";
                            /**
                             * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                             * @example 0.01
                             */
                            packageSize: string | number;
                            /**
                             * @description Of each started package
                             * @example 0.01
                             */
                            packagePrice: string | number;
                            /**
                             * @description Units of a whole period that cost nothing
                             * @example 10000
                             */
                            includedUnits?: string | number;
                            /**
                             * @description What the usage of a period costs at least
                             * @example 0.01
                             */
                            minimum?: string | number;
                            /**
                             * @description What the usage of a period costs at most
                             * @example 0.01
                             */
                            maximum?: string | number;
                            /**
                             * @description Id or key of the meter
                             * @example API_CALL
                             */
                            meter: string;
                            taxRate?: string | null;
                        } | {
                            /** @enum {string} */
                            model: "graduated";
                            tiers: {
                                /** @description Up to and including; null for the last tier, and for no other */
                                upTo: (string | number) | null;
                                /**
                                 * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                 * @example 0.01
                                 */
                                unitPrice: string | number;
                                /**
                                 * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                 * @example 0.01
                                 */
                                flatFee?: string | number;
                            }[];
                            /**
                             * @description Units of a whole period that cost nothing
                             * @example 10000
                             */
                            includedUnits?: string | number;
                            /**
                             * @description What the usage of a period costs at least
                             * @example 0.01
                             */
                            minimum?: string | number;
                            /**
                             * @description What the usage of a period costs at most
                             * @example 0.01
                             */
                            maximum?: string | number;
                            /**
                             * @description Id or key of the meter
                             * @example API_CALL
                             */
                            meter: string;
                            taxRate?: string | null;
                        } | {
                            /** @enum {string} */
                            model: "volume";
                            tiers: {
                                /** @description Up to and including; null for the last tier, and for no other */
                                upTo: (string | number) | null;
                                /**
                                 * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                 * @example 0.01
                                 */
                                unitPrice: string | number;
                                /**
                                 * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                 * @example 0.01
                                 */
                                flatFee?: string | number;
                            }[];
                            /**
                             * @description Units of a whole period that cost nothing
                             * @example 10000
                             */
                            includedUnits?: string | number;
                            /**
                             * @description What the usage of a period costs at least
                             * @example 0.01
                             */
                            minimum?: string | number;
                            /**
                             * @description What the usage of a period costs at most
                             * @example 0.01
                             */
                            maximum?: string | number;
                            /**
                             * @description Id or key of the meter
                             * @example API_CALL
                             */
                            meter: string;
                            taxRate?: string | null;
                        } | {
                            /** @enum {string} */
                            model: "percentage";
                            /**
                             * @description Of the sum of the period
                             * @example 2.9
                             */
                            percent: string | number;
                            /**
                             * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                             * @example 0.01
                             */
                            fixedPerEvent?: string | number;
                            /**
                             * @description Units of a whole period that cost nothing
                             * @example 10000
                             */
                            includedUnits?: string | number;
                            /**
                             * @description What the usage of a period costs at least
                             * @example 0.01
                             */
                            minimum?: string | number;
                            /**
                             * @description What the usage of a period costs at most
                             * @example 0.01
                             */
                            maximum?: string | number;
                            /**
                             * @description Id or key of the meter
                             * @example API_CALL
                             */
                            meter: string;
                            taxRate?: string | null;
                        } | {
                            /** @enum {string} */
                            model: "by_dimension";
                            /**
                             * @description By which the meter groups
                             * @example [
                             *       "model"
                             *     ]
                             */
                            properties: string[];
                            cases: {
                                values: (string | number | boolean | null)[];
                                price: {
                                    /** @enum {string} */
                                    model: "per_unit";
                                    /**
                                     * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                     * @example 0.01
                                     */
                                    unitPrice: string | number;
                                    /**
                                     * @description Units of a whole period that cost nothing
                                     * @example 10000
                                     */
                                    includedUnits?: string | number;
                                    /**
                                     * @description What the usage of a period costs at least
                                     * @example 0.01
                                     */
                                    minimum?: string | number;
                                    /**
                                     * @description What the usage of a period costs at most
                                     * @example 0.01
                                     */
                                    maximum?: string | number;
                                } | {
                                    /** @enum {string} */
                                    model: "package";
                                    /**
                                     * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                     * @example 0.01
                                     */
                                    packageSize: string | number;
                                    /**
                                     * @description Of each started package
                                     * @example 0.01
                                     */
                                    packagePrice: string | number;
                                    /**
                                     * @description Units of a whole period that cost nothing
                                     * @example 10000
                                     */
                                    includedUnits?: string | number;
                                    /**
                                     * @description What the usage of a period costs at least
                                     * @example 0.01
                                     */
                                    minimum?: string | number;
                                    /**
                                     * @description What the usage of a period costs at most
                                     * @example 0.01
                                     */
                                    maximum?: string | number;
                                } | {
                                    /** @enum {string} */
                                    model: "graduated";
                                    tiers: {
                                        /** @description Up to and including; null for the last tier, and for no other */
                                        upTo: (string | number) | null;
                                        /**
                                         * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                         * @example 0.01
                                         */
                                        unitPrice: string | number;
                                        /**
                                         * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                         * @example 0.01
                                         */
                                        flatFee?: string | number;
                                    }[];
                                    /**
                                     * @description Units of a whole period that cost nothing
                                     * @example 10000
                                     */
                                    includedUnits?: string | number;
                                    /**
                                     * @description What the usage of a period costs at least
                                     * @example 0.01
                                     */
                                    minimum?: string | number;
                                    /**
                                     * @description What the usage of a period costs at most
                                     * @example 0.01
                                     */
                                    maximum?: string | number;
                                } | {
                                    /** @enum {string} */
                                    model: "volume";
                                    tiers: {
                                        /** @description Up to and including; null for the last tier, and for no other */
                                        upTo: (string | number) | null;
                                        /**
                                         * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                         * @example 0.01
                                         */
                                        unitPrice: string | number;
                                        /**
                                         * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                         * @example 0.01
                                         */
                                        flatFee?: string | number;
                                    }[];
                                    /**
                                     * @description Units of a whole period that cost nothing
                                     * @example 10000
                                     */
                                    includedUnits?: string | number;
                                    /**
                                     * @description What the usage of a period costs at least
                                     * @example 0.01
                                     */
                                    minimum?: string | number;
                                    /**
                                     * @description What the usage of a period costs at most
                                     * @example 0.01
                                     */
                                    maximum?: string | number;
                                } | {
                                    /** @enum {string} */
                                    model: "percentage";
                                    /**
                                     * @description Of the sum of the period
                                     * @example 2.9
                                     */
                                    percent: string | number;
                                    /**
                                     * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                     * @example 0.01
                                     */
                                    fixedPerEvent?: string | number;
                                    /**
                                     * @description Units of a whole period that cost nothing
                                     * @example 10000
                                     */
                                    includedUnits?: string | number;
                                    /**
                                     * @description What the usage of a period costs at least
                                     * @example 0.01
                                     */
                                    minimum?: string | number;
                                    /**
                                     * @description What the usage of a period costs at most
                                     * @example 0.01
                                     */
                                    maximum?: string | number;
                                };
                            }[];
                            /** @description For all other values, taken as one */
                            otherwise: {
                                /** @enum {string} */
                                model: "per_unit";
                                /**
                                 * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                 * @example 0.01
                                 */
                                unitPrice: string | number;
                                /**
                                 * @description Units of a whole period that cost nothing
                                 * @example 10000
                                 */
                                includedUnits?: string | number;
                                /**
                                 * @description What the usage of a period costs at least
                                 * @example 0.01
                                 */
                                minimum?: string | number;
                                /**
                                 * @description What the usage of a period costs at most
                                 * @example 0.01
                                 */
                                maximum?: string | number;
                            } | {
                                /** @enum {string} */
                                model: "package";
                                /**
                                 * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                 * @example 0.01
                                 */
                                packageSize: string | number;
                                /**
                                 * @description Of each started package
                                 * @example 0.01
                                 */
                                packagePrice: string | number;
                                /**
                                 * @description Units of a whole period that cost nothing
                                 * @example 10000
                                 */
                                includedUnits?: string | number;
                                /**
                                 * @description What the usage of a period costs at least
                                 * @example 0.01
                                 */
                                minimum?: string | number;
                                /**
                                 * @description What the usage of a period costs at most
                                 * @example 0.01
                                 */
                                maximum?: string | number;
                            } | {
                                /** @enum {string} */
                                model: "graduated";
                                tiers: {
                                    /** @description Up to and including; null for the last tier, and for no other */
                                    upTo: (string | number) | null;
                                    /**
                                     * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                     * @example 0.01
                                     */
                                    unitPrice: string | number;
                                    /**
                                     * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                     * @example 0.01
                                     */
                                    flatFee?: string | number;
                                }[];
                                /**
                                 * @description Units of a whole period that cost nothing
                                 * @example 10000
                                 */
                                includedUnits?: string | number;
                                /**
                                 * @description What the usage of a period costs at least
                                 * @example 0.01
                                 */
                                minimum?: string | number;
                                /**
                                 * @description What the usage of a period costs at most
                                 * @example 0.01
                                 */
                                maximum?: string | number;
                            } | {
                                /** @enum {string} */
                                model: "volume";
                                tiers: {
                                    /** @description Up to and including; null for the last tier, and for no other */
                                    upTo: (string | number) | null;
                                    /**
                                     * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                     * @example 0.01
                                     */
                                    unitPrice: string | number;
                                    /**
                                     * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                     * @example 0.01
                                     */
                                    flatFee?: string | number;
                                }[];
                                /**
                                 * @description Units of a whole period that cost nothing
                                 * @example 10000
                                 */
                                includedUnits?: string | number;
                                /**
                                 * @description What the usage of a period costs at least
                                 * @example 0.01
                                 */
                                minimum?: string | number;
                                /**
                                 * @description What the usage of a period costs at most
                                 * @example 0.01
                                 */
                                maximum?: string | number;
                            } | {
                                /** @enum {string} */
                                model: "percentage";
                                /**
                                 * @description Of the sum of the period
                                 * @example 2.9
                                 */
                                percent: string | number;
                                /**
                                 * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                 * @example 0.01
                                 */
                                fixedPerEvent?: string | number;
                                /**
                                 * @description Units of a whole period that cost nothing
                                 * @example 10000
                                 */
                                includedUnits?: string | number;
                                /**
                                 * @description What the usage of a period costs at least
                                 * @example 0.01
                                 */
                                minimum?: string | number;
                                /**
                                 * @description What the usage of a period costs at most
                                 * @example 0.01
                                 */
                                maximum?: string | number;
                            };
                            /**
                             * @description Id or key of the meter
                             * @example API_CALL
                             */
                            meter: string;
                            taxRate?: string | null;
                        })[];
                        flatPrices?: {
                            name: string;
                            /**
                             * @description In the major unit
                             * @example 20
                             */
                            amount: string | number;
                            /**
                             * @description For every period, or with the first one
                             * @enum {string}
                             */
                            recurring: "period" | "once";
                            /** @default null */
                            taxRate?: string | null;
                        }[];
                        /** @description Granted anew for each period */
                        credits?: {
                            /** @description Id or key: a credit of units */
                            meter?: string;
                            /**
                             * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                             * @example 0.01
                             */
                            units?: string | number;
                            /**
                             * @description A credit of money, in the major unit of the plan’s currency
                             * @example 0.01
                             */
                            amount?: string | number;
                            /** @default 100 */
                            priority?: number;
                            /** @default true */
                            isPromotional?: boolean;
                            /** @description How what is left goes over into the next period; null: it lapses */
                            rollover?: {
                                /** @description At most this goes over, units or money; null: all of it */
                                cap?: (string | number) | null;
                                /** @default 1 */
                                periods?: number;
                            } | null;
                        }[];
                        /** @description What a period costs at least, in the major unit */
                        minimum?: (string | number) | null;
                        /** @default 0 */
                        trialDays?: number;
                        /**
                         * @description From the invoice until it is due
                         * @default 0
                         */
                        netDays?: number;
                        /** @default null */
                        taxRate?: string | null;
                        /** @description The newest version when this one was written: if there is a newer one by now, it is refused */
                        basedOnVersion?: number;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Plan"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/plans/{plan}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a plan
         * @description Needs the scope `catalog:read`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Id or key */
                    plan: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Plan"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/plans/{plan}/archive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take a plan off sale
         * @description Nobody can subscribe to it any more; those who have subscribed keep it.
         *
         *     Needs the scope `catalog:write`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path: {
                    /** @description Id or key */
                    plan: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Plan"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tax-rates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List rates of tax
         * @description Needs the scope `catalog:read`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description How many rows at most; 50 when left out */
                    limit?: number;
                    cursor?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: components["schemas"]["TaxRate"][];
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        /**
         * Make a rate of tax
         * @description It never changes: what is taxed otherwise has another rate.
         *
         *     Needs the scope `catalog:write`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @example vat-19 */
                        key: string;
                        name: string;
                        /**
                         * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                         * @example 19
                         */
                        percent: string | number;
                        /**
                         * @description Whether prices contain the tax; else it is added
                         * @default false
                         */
                        inclusive?: boolean;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["TaxRate"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tax-rates/{taxRate}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a rate of tax
         * @description Needs the scope `catalog:read`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Id or key */
                    taxRate: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["TaxRate"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tax-rates/{taxRate}/archive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Archive a rate of tax
         * @description Nothing new can name it; what is taxed by it goes on being so.
         *
         *     Needs the scope `catalog:write`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path: {
                    /** @description Id or key */
                    taxRate: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["TaxRate"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/coupons": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List coupons
         * @description Needs the scope `catalog:read`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description How many rows at most; 50 when left out */
                    limit?: number;
                    cursor?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: components["schemas"]["Coupon"][];
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        /**
         * Make a coupon
         * @description A part of what is left of an invoice, or an amount of it. It never changes.
         *
         *     Needs the scope `catalog:write`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @example welcome */
                        key: string;
                        name: string;
                        /**
                         * @description Of what is left
                         * @example 10
                         */
                        percent?: string | number;
                        /**
                         * @description In the major unit of `currency`
                         * @example 0.01
                         */
                        amount?: string | number;
                        /** @description ISO 4217, of the amount */
                        currency?: string;
                        /**
                         * @description For the first invoice, for those of `periods` periods, or for all
                         * @enum {string}
                         */
                        duration: "once" | "periods" | "forever";
                        /** @default null */
                        periods?: number | null;
                        /** @default null */
                        redemptionsMax?: number | null;
                        /** @description From then on nobody gets it; who has it keeps it */
                        expiresAt?: string | null;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Coupon"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/coupons/{coupon}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a coupon
         * @description Needs the scope `catalog:read`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Id or key */
                    coupon: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Coupon"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/coupons/{coupon}/archive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Archive a coupon
         * @description Nobody gets it any more; who has it keeps it.
         *
         *     Needs the scope `catalog:write`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path: {
                    /** @description Id or key */
                    coupon: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Coupon"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/add-ons": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List add-ons
         * @description Needs the scope `catalog:read`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description How many rows at most; 50 when left out */
                    limit?: number;
                    cursor?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: components["schemas"]["AddOn"][];
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        /**
         * Make an add-on
         * @description Something that a subscription can have beside its plan. It never changes.
         *
         *     Needs the scope `catalog:write`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @example priority-support */
                        key: string;
                        name: string;
                        /**
                         * @description ISO 4217
                         * @example USD
                         */
                        currency: string;
                        /**
                         * @description Of one, in the major unit
                         * @example 20
                         */
                        amount: string | number;
                        /**
                         * @description For every period while it is there, or once
                         * @enum {string}
                         */
                        recurring: "period" | "once";
                        /** @default null */
                        taxRate?: string | null;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["AddOn"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/add-ons/{addOn}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read an add-on
         * @description Needs the scope `catalog:read`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Id or key */
                    addOn: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["AddOn"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/add-ons/{addOn}/archive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Archive an add-on
         * @description No subscription gets it any more; those that have it keep it.
         *
         *     Needs the scope `catalog:write`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path: {
                    /** @description Id or key */
                    addOn: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["AddOn"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/coupon-attachments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the coupons of a customer, in the order in which they count
         * @description Needs the scope `billing:read`.
         */
        get: {
            parameters: {
                query: {
                    /** @description How many rows at most; 50 when left out */
                    limit?: number;
                    cursor?: string;
                    /** @description Your own name for the customer */
                    customerId: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: components["schemas"]["CouponAttachment"][];
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        /**
         * Give a coupon to a customer or a subscription
         * @description Several count in the order in which they were attached.
         *
         *     Needs the scope `billing:write`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description Id or key */
                        coupon: string;
                        /** @default null */
                        customerId?: string | null;
                        /** @default null */
                        subscriptionId?: string | null;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CouponAttachment"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/coupon-attachments/{attachmentId}/detach": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take a coupon away
         * @description It counts for no period that ends later.
         *
         *     Needs the scope `billing:write`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path: {
                    attachmentId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CouponAttachment"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/customers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List customers
         * @description Needs the scope `customers:read`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description How many rows at most; 50 when left out */
                    limit?: number;
                    cursor?: string;
                    /** @description Your own name for the customer */
                    parentId?: string;
                    /** @description A part of the id or of the name; A to Z count as a to z */
                    search?: string;
                    /** @description Only these: send it once for each */
                    customerId?: string | string[];
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: components["schemas"]["Customer"][];
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        /**
         * Make sure that a customer exists
         * @description Answers 201 when the customer is new and 200 when it exists, which may be through its first event; then what is sent is changed and the rest stays. A parent given to an existing customer holds from now on.
         *
         *     Needs the scope `customers:write`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /**
                         * @description Your own name for the customer
                         * @example user_123
                         */
                        customerId: string;
                        name?: string;
                        parentId?: string | null;
                        /** @example billing@example.com */
                        email?: string | null;
                        /** @description As on an envelope, line by line; [] takes it away */
                        address?: string[];
                        /** @example DE123456789 */
                        taxNumber?: string | null;
                        /**
                         * @description Of its documents, as a language tag
                         * @example de
                         */
                        language?: string | null;
                        /** @description Id or key of the rate that taxes all this customer is charged for, whatever the plan says; null: as the plan says */
                        taxRate?: string | null;
                        /** @description Nothing is taxed */
                        taxExempt?: boolean;
                        /** @description From an invoice until it is due; null: as the plan says */
                        netDays?: number | null;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Customer"];
                    };
                };
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Customer"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/customers/{customerId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a customer
         * @description Needs the scope `customers:read`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Your own name for the customer */
                    customerId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Customer"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change a customer
         * @description A new parent holds from now on: earlier usage stays where it was billed.
         *
         *     Needs the scope `customers:write`.
         */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Your own name for the customer */
                    customerId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        name?: string;
                        parentId?: string | null;
                        /** @example billing@example.com */
                        email?: string | null;
                        /** @description As on an envelope, line by line; [] takes it away */
                        address?: string[];
                        /** @example DE123456789 */
                        taxNumber?: string | null;
                        /**
                         * @description Of its documents, as a language tag
                         * @example de
                         */
                        language?: string | null;
                        /** @description Id or key of the rate that taxes all this customer is charged for, whatever the plan says; null: as the plan says */
                        taxRate?: string | null;
                        /** @description Nothing is taxed */
                        taxExempt?: boolean;
                        /** @description From an invoice until it is due; null: as the plan says */
                        netDays?: number | null;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Customer"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/api/v1/subscriptions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List subscriptions, the newest first
         * @description Needs the scope `billing:read`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description How many rows at most; 50 when left out */
                    limit?: number;
                    cursor?: string;
                    /** @description Your own name for the customer */
                    customerId?: string;
                    status?: "trialing" | "active" | "paused" | "suspended" | "canceled";
                    /** @description Whether billing was stopped and waits for somebody */
                    parked?: "true" | "false";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: components["schemas"]["Subscription"][];
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        /**
         * Put a customer on a plan
         * @description Without `customerId` the root customer is: all usage that no nearer subscription has a price for is billed to it. A start in the past closes and invoices the periods that are over, in order.
         *
         *     Needs the scope `billing:write`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /**
                         * @description Your own name for the customer
                         * @example user_123
                         */
                        customerId?: string;
                        /**
                         * @description Id or key
                         * @example pro
                         */
                        plan: string;
                        planVersion?: number;
                        /**
                         * Format: date-time
                         * @description An instant, ISO 8601 with zone
                         * @example 2026-03-01T00:00:00Z
                         */
                        startedAt?: string;
                        /** @default UTC */
                        timeZone?: string;
                        /**
                         * @description Periods begin at local midnight of the first day, at the very instant, or with the calendar
                         * @default day
                         * @enum {string}
                         */
                        anchor?: "day" | "instant" | "calendar";
                        /**
                         * Format: date-time
                         * @description An instant, ISO 8601 with zone
                         * @example 2026-03-01T00:00:00Z
                         */
                        cancelAt?: string;
                        /**
                         * @description How often the base price is due, like seats
                         * @example 5
                         */
                        quantity?: string | number;
                        /** @description Prices for this subscription alone, in place of those of the plan */
                        overrides?: {
                            /**
                             * @description In the major unit
                             * @example 80
                             */
                            basePrice?: string | number;
                            /**
                             * @description In the major unit; 0 is none
                             * @example 0.01
                             */
                            minimum?: string | number;
                            /** @description Of meters that the plan has a price for, each as a whole */
                            prices?: ({
                                /** @enum {string} */
                                model: "per_unit";
                                /**
                                 * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                 * @example 0.01
                                 */
                                unitPrice: string | number;
                                /**
                                 * @description Units of a whole period that cost nothing
                                 * @example 10000
                                 */
                                includedUnits?: string | number;
                                /**
                                 * @description What the usage of a period costs at least
                                 * @example 0.01
                                 */
                                minimum?: string | number;
                                /**
                                 * @description What the usage of a period costs at most
                                 * @example 0.01
                                 */
                                maximum?: string | number;
                                /**
                                 * @description Id or key of the meter
                                 * @example API_CALL
                                 */
                                meter: string;
                            } | {
                                /** @enum {string} */
                                model: "package";
                                /**
                                 * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                 * @example 0.01
                                 */
                                packageSize: string | number;
                                /**
                                 * @description Of each started package
                                 * @example 0.01
                                 */
                                packagePrice: string | number;
                                /**
                                 * @description Units of a whole period that cost nothing
                                 * @example 10000
                                 */
                                includedUnits?: string | number;
                                /**
                                 * @description What the usage of a period costs at least
                                 * @example 0.01
                                 */
                                minimum?: string | number;
                                /**
                                 * @description What the usage of a period costs at most
                                 * @example 0.01
                                 */
                                maximum?: string | number;
                                /**
                                 * @description Id or key of the meter
                                 * @example API_CALL
                                 */
                                meter: string;
                            } | {
                                /** @enum {string} */
                                model: "graduated";
                                tiers: {
                                    /** @description Up to and including; null for the last tier, and for no other */
                                    upTo: (string | number) | null;
                                    /**
                                     * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                     * @example 0.01
                                     */
                                    unitPrice: string | number;
                                    /**
                                     * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                     * @example 0.01
                                     */
                                    flatFee?: string | number;
                                }[];
                                /**
                                 * @description Units of a whole period that cost nothing
                                 * @example 10000
                                 */
                                includedUnits?: string | number;
                                /**
                                 * @description What the usage of a period costs at least
                                 * @example 0.01
                                 */
                                minimum?: string | number;
                                /**
                                 * @description What the usage of a period costs at most
                                 * @example 0.01
                                 */
                                maximum?: string | number;
                                /**
                                 * @description Id or key of the meter
                                 * @example API_CALL
                                 */
                                meter: string;
                            } | {
                                /** @enum {string} */
                                model: "volume";
                                tiers: {
                                    /** @description Up to and including; null for the last tier, and for no other */
                                    upTo: (string | number) | null;
                                    /**
                                     * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                     * @example 0.01
                                     */
                                    unitPrice: string | number;
                                    /**
                                     * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                     * @example 0.01
                                     */
                                    flatFee?: string | number;
                                }[];
                                /**
                                 * @description Units of a whole period that cost nothing
                                 * @example 10000
                                 */
                                includedUnits?: string | number;
                                /**
                                 * @description What the usage of a period costs at least
                                 * @example 0.01
                                 */
                                minimum?: string | number;
                                /**
                                 * @description What the usage of a period costs at most
                                 * @example 0.01
                                 */
                                maximum?: string | number;
                                /**
                                 * @description Id or key of the meter
                                 * @example API_CALL
                                 */
                                meter: string;
                            } | {
                                /** @enum {string} */
                                model: "percentage";
                                /**
                                 * @description Of the sum of the period
                                 * @example 2.9
                                 */
                                percent: string | number;
                                /**
                                 * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                 * @example 0.01
                                 */
                                fixedPerEvent?: string | number;
                                /**
                                 * @description Units of a whole period that cost nothing
                                 * @example 10000
                                 */
                                includedUnits?: string | number;
                                /**
                                 * @description What the usage of a period costs at least
                                 * @example 0.01
                                 */
                                minimum?: string | number;
                                /**
                                 * @description What the usage of a period costs at most
                                 * @example 0.01
                                 */
                                maximum?: string | number;
                                /**
                                 * @description Id or key of the meter
                                 * @example API_CALL
                                 */
                                meter: string;
                            } | {
                                /** @enum {string} */
                                model: "by_dimension";
                                /**
                                 * @description By which the meter groups
                                 * @example [
                                 *       "model"
                                 *     ]
                                 */
                                properties: string[];
                                cases: {
                                    values: (string | number | boolean | null)[];
                                    price: {
                                        /** @enum {string} */
                                        model: "per_unit";
                                        /**
                                         * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                         * @example 0.01
                                         */
                                        unitPrice: string | number;
                                        /**
                                         * @description Units of a whole period that cost nothing
                                         * @example 10000
                                         */
                                        includedUnits?: string | number;
                                        /**
                                         * @description What the usage of a period costs at least
                                         * @example 0.01
                                         */
                                        minimum?: string | number;
                                        /**
                                         * @description What the usage of a period costs at most
                                         * @example 0.01
                                         */
                                        maximum?: string | number;
                                    } | {
                                        /** @enum {string} */
                                        model: "package";
                                        /**
                                         * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                         * @example 0.01
                                         */
                                        packageSize: string | number;
                                        /**
                                         * @description Of each started package
                                         * @example 0.01
                                         */
                                        packagePrice: string | number;
                                        /**
                                         * @description Units of a whole period that cost nothing
                                         * @example 10000
                                         */
                                        includedUnits?: string | number;
                                        /**
                                         * @description What the usage of a period costs at least
                                         * @example 0.01
                                         */
                                        minimum?: string | number;
                                        /**
                                         * @description What the usage of a period costs at most
                                         * @example 0.01
                                         */
                                        maximum?: string | number;
                                    } | {
                                        /** @enum {string} */
                                        model: "graduated";
                                        tiers: {
                                            /** @description Up to and including; null for the last tier, and for no other */
                                            upTo: (string | number) | null;
                                            /**
                                             * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                             * @example 0.01
                                             */
                                            unitPrice: string | number;
                                            /**
                                             * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                             * @example 0.01
                                             */
                                            flatFee?: string | number;
                                        }[];
                                        /**
                                         * @description Units of a whole period that cost nothing
                                         * @example 10000
                                         */
                                        includedUnits?: string | number;
                                        /**
                                         * @description What the usage of a period costs at least
                                         * @example 0.01
                                         */
                                        minimum?: string | number;
                                        /**
                                         * @description What the usage of a period costs at most
                                         * @example 0.01
                                         */
                                        maximum?: string | number;
                                    } | {
                                        /** @enum {string} */
                                        model: "volume";
                                        tiers: {
                                            /** @description Up to and including; null for the last tier, and for no other */
                                            upTo: (string | number) | null;
                                            /**
                                             * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                             * @example 0.01
                                             */
                                            unitPrice: string | number;
                                            /**
                                             * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                             * @example 0.01
                                             */
                                            flatFee?: string | number;
                                        }[];
                                        /**
                                         * @description Units of a whole period that cost nothing
                                         * @example 10000
                                         */
                                        includedUnits?: string | number;
                                        /**
                                         * @description What the usage of a period costs at least
                                         * @example 0.01
                                         */
                                        minimum?: string | number;
                                        /**
                                         * @description What the usage of a period costs at most
                                         * @example 0.01
                                         */
                                        maximum?: string | number;
                                    } | {
                                        /** @enum {string} */
                                        model: "percentage";
                                        /**
                                         * @description Of the sum of the period
                                         * @example 2.9
                                         */
                                        percent: string | number;
                                        /**
                                         * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                         * @example 0.01
                                         */
                                        fixedPerEvent?: string | number;
                                        /**
                                         * @description Units of a whole period that cost nothing
                                         * @example 10000
                                         */
                                        includedUnits?: string | number;
                                        /**
                                         * @description What the usage of a period costs at least
                                         * @example 0.01
                                         */
                                        minimum?: string | number;
                                        /**
                                         * @description What the usage of a period costs at most
                                         * @example 0.01
                                         */
                                        maximum?: string | number;
                                    };
                                }[];
                                /** @description For all other values, taken as one */
                                otherwise: {
                                    /** @enum {string} */
                                    model: "per_unit";
                                    /**
                                     * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                     * @example 0.01
                                     */
                                    unitPrice: string | number;
                                    /**
                                     * @description Units of a whole period that cost nothing
                                     * @example 10000
                                     */
                                    includedUnits?: string | number;
                                    /**
                                     * @description What the usage of a period costs at least
                                     * @example 0.01
                                     */
                                    minimum?: string | number;
                                    /**
                                     * @description What the usage of a period costs at most
                                     * @example 0.01
                                     */
                                    maximum?: string | number;
                                } | {
                                    /** @enum {string} */
                                    model: "package";
                                    /**
                                     * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                     * @example 0.01
                                     */
                                    packageSize: string | number;
                                    /**
                                     * @description Of each started package
                                     * @example 0.01
                                     */
                                    packagePrice: string | number;
                                    /**
                                     * @description Units of a whole period that cost nothing
                                     * @example 10000
                                     */
                                    includedUnits?: string | number;
                                    /**
                                     * @description What the usage of a period costs at least
                                     * @example 0.01
                                     */
                                    minimum?: string | number;
                                    /**
                                     * @description What the usage of a period costs at most
                                     * @example 0.01
                                     */
                                    maximum?: string | number;
                                } | {
                                    /** @enum {string} */
                                    model: "graduated";
                                    tiers: {
                                        /** @description Up to and including; null for the last tier, and for no other */
                                        upTo: (string | number) | null;
                                        /**
                                         * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                         * @example 0.01
                                         */
                                        unitPrice: string | number;
                                        /**
                                         * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                         * @example 0.01
                                         */
                                        flatFee?: string | number;
                                    }[];
                                    /**
                                     * @description Units of a whole period that cost nothing
                                     * @example 10000
                                     */
                                    includedUnits?: string | number;
                                    /**
                                     * @description What the usage of a period costs at least
                                     * @example 0.01
                                     */
                                    minimum?: string | number;
                                    /**
                                     * @description What the usage of a period costs at most
                                     * @example 0.01
                                     */
                                    maximum?: string | number;
                                } | {
                                    /** @enum {string} */
                                    model: "volume";
                                    tiers: {
                                        /** @description Up to and including; null for the last tier, and for no other */
                                        upTo: (string | number) | null;
                                        /**
                                         * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                         * @example 0.01
                                         */
                                        unitPrice: string | number;
                                        /**
                                         * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                         * @example 0.01
                                         */
                                        flatFee?: string | number;
                                    }[];
                                    /**
                                     * @description Units of a whole period that cost nothing
                                     * @example 10000
                                     */
                                    includedUnits?: string | number;
                                    /**
                                     * @description What the usage of a period costs at least
                                     * @example 0.01
                                     */
                                    minimum?: string | number;
                                    /**
                                     * @description What the usage of a period costs at most
                                     * @example 0.01
                                     */
                                    maximum?: string | number;
                                } | {
                                    /** @enum {string} */
                                    model: "percentage";
                                    /**
                                     * @description Of the sum of the period
                                     * @example 2.9
                                     */
                                    percent: string | number;
                                    /**
                                     * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                     * @example 0.01
                                     */
                                    fixedPerEvent?: string | number;
                                    /**
                                     * @description Units of a whole period that cost nothing
                                     * @example 10000
                                     */
                                    includedUnits?: string | number;
                                    /**
                                     * @description What the usage of a period costs at least
                                     * @example 0.01
                                     */
                                    minimum?: string | number;
                                    /**
                                     * @description What the usage of a period costs at most
                                     * @example 0.01
                                     */
                                    maximum?: string | number;
                                };
                                /**
                                 * @description Id or key of the meter
                                 * @example API_CALL
                                 */
                                meter: string;
                            })[];
                        };
                        /** @description Days in which usage is counted and nothing is billed; periods are counted from their end. Those of the plan unless given */
                        trialDays?: number;
                        /** @description Id or key of one that counts from the first invoice on */
                        coupon?: string;
                        /** @description What it has beside its plan from the start */
                        addOns?: {
                            /**
                             * @description Id or key
                             * @example priority-support
                             */
                            addOn: string;
                            /**
                             * @description How often the base price is due, like seats
                             * @example 5
                             */
                            quantity?: string | number;
                        }[];
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SubscriptionWithPeriods"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/subscriptions/{subscriptionId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a subscription and its periods
         * @description Needs the scope `billing:read`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    subscriptionId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SubscriptionWithPeriods"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/subscriptions/{subscriptionId}/change": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Change the plan, its version, the quantity or the prices of a subscription
         * @description The period under way ends where the change begins: base price and included units of both parts go by their seconds, usage before and after is rated apart, and what was paid in advance and not used comes back on the invoice that closes the old part. A new plan means its newest version unless one is named.
         *
         *     Needs the scope `billing:write`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path: {
                    subscriptionId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /**
                         * @description Id or key
                         * @example scale
                         */
                        plan?: string;
                        planVersion?: number;
                        /**
                         * @description How often the base price is due, like seats
                         * @example 5
                         */
                        quantity?: string | number;
                        /** @description Prices for this subscription alone, all anew; {} for none. When left out they stay, unless the plan becomes another */
                        overrides?: {
                            /**
                             * @description In the major unit
                             * @example 80
                             */
                            basePrice?: string | number;
                            /**
                             * @description In the major unit; 0 is none
                             * @example 0.01
                             */
                            minimum?: string | number;
                            /** @description Of meters that the plan has a price for, each as a whole */
                            prices?: ({
                                /** @enum {string} */
                                model: "per_unit";
                                /**
                                 * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                 * @example 0.01
                                 */
                                unitPrice: string | number;
                                /**
                                 * @description Units of a whole period that cost nothing
                                 * @example 10000
                                 */
                                includedUnits?: string | number;
                                /**
                                 * @description What the usage of a period costs at least
                                 * @example 0.01
                                 */
                                minimum?: string | number;
                                /**
                                 * @description What the usage of a period costs at most
                                 * @example 0.01
                                 */
                                maximum?: string | number;
                                /**
                                 * @description Id or key of the meter
                                 * @example API_CALL
                                 */
                                meter: string;
                            } | {
                                /** @enum {string} */
                                model: "package";
                                /**
                                 * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                 * @example 0.01
                                 */
                                packageSize: string | number;
                                /**
                                 * @description Of each started package
                                 * @example 0.01
                                 */
                                packagePrice: string | number;
                                /**
                                 * @description Units of a whole period that cost nothing
                                 * @example 10000
                                 */
                                includedUnits?: string | number;
                                /**
                                 * @description What the usage of a period costs at least
                                 * @example 0.01
                                 */
                                minimum?: string | number;
                                /**
                                 * @description What the usage of a period costs at most
                                 * @example 0.01
                                 */
                                maximum?: string | number;
                                /**
                                 * @description Id or key of the meter
                                 * @example API_CALL
                                 */
                                meter: string;
                            } | {
                                /** @enum {string} */
                                model: "graduated";
                                tiers: {
                                    /** @description Up to and including; null for the last tier, and for no other */
                                    upTo: (string | number) | null;
                                    /**
                                     * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                     * @example 0.01
                                     */
                                    unitPrice: string | number;
                                    /**
                                     * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                     * @example 0.01
                                     */
                                    flatFee?: string | number;
                                }[];
                                /**
                                 * @description Units of a whole period that cost nothing
                                 * @example 10000
                                 */
                                includedUnits?: string | number;
                                /**
                                 * @description What the usage of a period costs at least
                                 * @example 0.01
                                 */
                                minimum?: string | number;
                                /**
                                 * @description What the usage of a period costs at most
                                 * @example 0.01
                                 */
                                maximum?: string | number;
                                /**
                                 * @description Id or key of the meter
                                 * @example API_CALL
                                 */
                                meter: string;
                            } | {
                                /** @enum {string} */
                                model: "volume";
                                tiers: {
                                    /** @description Up to and including; null for the last tier, and for no other */
                                    upTo: (string | number) | null;
                                    /**
                                     * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                     * @example 0.01
                                     */
                                    unitPrice: string | number;
                                    /**
                                     * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                     * @example 0.01
                                     */
                                    flatFee?: string | number;
                                }[];
                                /**
                                 * @description Units of a whole period that cost nothing
                                 * @example 10000
                                 */
                                includedUnits?: string | number;
                                /**
                                 * @description What the usage of a period costs at least
                                 * @example 0.01
                                 */
                                minimum?: string | number;
                                /**
                                 * @description What the usage of a period costs at most
                                 * @example 0.01
                                 */
                                maximum?: string | number;
                                /**
                                 * @description Id or key of the meter
                                 * @example API_CALL
                                 */
                                meter: string;
                            } | {
                                /** @enum {string} */
                                model: "percentage";
                                /**
                                 * @description Of the sum of the period
                                 * @example 2.9
                                 */
                                percent: string | number;
                                /**
                                 * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                 * @example 0.01
                                 */
                                fixedPerEvent?: string | number;
                                /**
                                 * @description Units of a whole period that cost nothing
                                 * @example 10000
                                 */
                                includedUnits?: string | number;
                                /**
                                 * @description What the usage of a period costs at least
                                 * @example 0.01
                                 */
                                minimum?: string | number;
                                /**
                                 * @description What the usage of a period costs at most
                                 * @example 0.01
                                 */
                                maximum?: string | number;
                                /**
                                 * @description Id or key of the meter
                                 * @example API_CALL
                                 */
                                meter: string;
                            } | {
                                /** @enum {string} */
                                model: "by_dimension";
                                /**
                                 * @description By which the meter groups
                                 * @example [
                                 *       "model"
                                 *     ]
                                 */
                                properties: string[];
                                cases: {
                                    values: (string | number | boolean | null)[];
                                    price: {
                                        /** @enum {string} */
                                        model: "per_unit";
                                        /**
                                         * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                         * @example 0.01
                                         */
                                        unitPrice: string | number;
                                        /**
                                         * @description Units of a whole period that cost nothing
                                         * @example 10000
                                         */
                                        includedUnits?: string | number;
                                        /**
                                         * @description What the usage of a period costs at least
                                         * @example 0.01
                                         */
                                        minimum?: string | number;
                                        /**
                                         * @description What the usage of a period costs at most
                                         * @example 0.01
                                         */
                                        maximum?: string | number;
                                    } | {
                                        /** @enum {string} */
                                        model: "package";
                                        /**
                                         * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                         * @example 0.01
                                         */
                                        packageSize: string | number;
                                        /**
                                         * @description Of each started package
                                         * @example 0.01
                                         */
                                        packagePrice: string | number;
                                        /**
                                         * @description Units of a whole period that cost nothing
                                         * @example 10000
                                         */
                                        includedUnits?: string | number;
                                        /**
                                         * @description What the usage of a period costs at least
                                         * @example 0.01
                                         */
                                        minimum?: string | number;
                                        /**
                                         * @description What the usage of a period costs at most
                                         * @example 0.01
                                         */
                                        maximum?: string | number;
                                    } | {
                                        /** @enum {string} */
                                        model: "graduated";
                                        tiers: {
                                            /** @description Up to and including; null for the last tier, and for no other */
                                            upTo: (string | number) | null;
                                            /**
                                             * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                             * @example 0.01
                                             */
                                            unitPrice: string | number;
                                            /**
                                             * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                             * @example 0.01
                                             */
                                            flatFee?: string | number;
                                        }[];
                                        /**
                                         * @description Units of a whole period that cost nothing
                                         * @example 10000
                                         */
                                        includedUnits?: string | number;
                                        /**
                                         * @description What the usage of a period costs at least
                                         * @example 0.01
                                         */
                                        minimum?: string | number;
                                        /**
                                         * @description What the usage of a period costs at most
                                         * @example 0.01
                                         */
                                        maximum?: string | number;
                                    } | {
                                        /** @enum {string} */
                                        model: "volume";
                                        tiers: {
                                            /** @description Up to and including; null for the last tier, and for no other */
                                            upTo: (string | number) | null;
                                            /**
                                             * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                             * @example 0.01
                                             */
                                            unitPrice: string | number;
                                            /**
                                             * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                             * @example 0.01
                                             */
                                            flatFee?: string | number;
                                        }[];
                                        /**
                                         * @description Units of a whole period that cost nothing
                                         * @example 10000
                                         */
                                        includedUnits?: string | number;
                                        /**
                                         * @description What the usage of a period costs at least
                                         * @example 0.01
                                         */
                                        minimum?: string | number;
                                        /**
                                         * @description What the usage of a period costs at most
                                         * @example 0.01
                                         */
                                        maximum?: string | number;
                                    } | {
                                        /** @enum {string} */
                                        model: "percentage";
                                        /**
                                         * @description Of the sum of the period
                                         * @example 2.9
                                         */
                                        percent: string | number;
                                        /**
                                         * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                         * @example 0.01
                                         */
                                        fixedPerEvent?: string | number;
                                        /**
                                         * @description Units of a whole period that cost nothing
                                         * @example 10000
                                         */
                                        includedUnits?: string | number;
                                        /**
                                         * @description What the usage of a period costs at least
                                         * @example 0.01
                                         */
                                        minimum?: string | number;
                                        /**
                                         * @description What the usage of a period costs at most
                                         * @example 0.01
                                         */
                                        maximum?: string | number;
                                    };
                                }[];
                                /** @description For all other values, taken as one */
                                otherwise: {
                                    /** @enum {string} */
                                    model: "per_unit";
                                    /**
                                     * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                     * @example 0.01
                                     */
                                    unitPrice: string | number;
                                    /**
                                     * @description Units of a whole period that cost nothing
                                     * @example 10000
                                     */
                                    includedUnits?: string | number;
                                    /**
                                     * @description What the usage of a period costs at least
                                     * @example 0.01
                                     */
                                    minimum?: string | number;
                                    /**
                                     * @description What the usage of a period costs at most
                                     * @example 0.01
                                     */
                                    maximum?: string | number;
                                } | {
                                    /** @enum {string} */
                                    model: "package";
                                    /**
                                     * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                     * @example 0.01
                                     */
                                    packageSize: string | number;
                                    /**
                                     * @description Of each started package
                                     * @example 0.01
                                     */
                                    packagePrice: string | number;
                                    /**
                                     * @description Units of a whole period that cost nothing
                                     * @example 10000
                                     */
                                    includedUnits?: string | number;
                                    /**
                                     * @description What the usage of a period costs at least
                                     * @example 0.01
                                     */
                                    minimum?: string | number;
                                    /**
                                     * @description What the usage of a period costs at most
                                     * @example 0.01
                                     */
                                    maximum?: string | number;
                                } | {
                                    /** @enum {string} */
                                    model: "graduated";
                                    tiers: {
                                        /** @description Up to and including; null for the last tier, and for no other */
                                        upTo: (string | number) | null;
                                        /**
                                         * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                         * @example 0.01
                                         */
                                        unitPrice: string | number;
                                        /**
                                         * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                         * @example 0.01
                                         */
                                        flatFee?: string | number;
                                    }[];
                                    /**
                                     * @description Units of a whole period that cost nothing
                                     * @example 10000
                                     */
                                    includedUnits?: string | number;
                                    /**
                                     * @description What the usage of a period costs at least
                                     * @example 0.01
                                     */
                                    minimum?: string | number;
                                    /**
                                     * @description What the usage of a period costs at most
                                     * @example 0.01
                                     */
                                    maximum?: string | number;
                                } | {
                                    /** @enum {string} */
                                    model: "volume";
                                    tiers: {
                                        /** @description Up to and including; null for the last tier, and for no other */
                                        upTo: (string | number) | null;
                                        /**
                                         * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                         * @example 0.01
                                         */
                                        unitPrice: string | number;
                                        /**
                                         * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                         * @example 0.01
                                         */
                                        flatFee?: string | number;
                                    }[];
                                    /**
                                     * @description Units of a whole period that cost nothing
                                     * @example 10000
                                     */
                                    includedUnits?: string | number;
                                    /**
                                     * @description What the usage of a period costs at least
                                     * @example 0.01
                                     */
                                    minimum?: string | number;
                                    /**
                                     * @description What the usage of a period costs at most
                                     * @example 0.01
                                     */
                                    maximum?: string | number;
                                } | {
                                    /** @enum {string} */
                                    model: "percentage";
                                    /**
                                     * @description Of the sum of the period
                                     * @example 2.9
                                     */
                                    percent: string | number;
                                    /**
                                     * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                     * @example 0.01
                                     */
                                    fixedPerEvent?: string | number;
                                    /**
                                     * @description Units of a whole period that cost nothing
                                     * @example 10000
                                     */
                                    includedUnits?: string | number;
                                    /**
                                     * @description What the usage of a period costs at least
                                     * @example 0.01
                                     */
                                    minimum?: string | number;
                                    /**
                                     * @description What the usage of a period costs at most
                                     * @example 0.01
                                     */
                                    maximum?: string | number;
                                };
                                /**
                                 * @description Id or key of the meter
                                 * @example API_CALL
                                 */
                                meter: string;
                            })[];
                        };
                        /**
                         * @description `now`, `period_end` (of a trial: its end), or an instant ahead
                         * @example period_end
                         */
                        when: ("now" | "period_end") | string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SubscriptionWithPeriods"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/subscriptions/{subscriptionId}/unschedule": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take back the change of a subscription that is planned
         * @description Needs the scope `billing:write`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path: {
                    subscriptionId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SubscriptionWithPeriods"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/subscriptions/{subscriptionId}/uncancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take back the cancelation of a subscription that is planned
         * @description It goes on without an end, as what it is sold as then.
         *
         *     Needs the scope `billing:write`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path: {
                    subscriptionId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SubscriptionWithPeriods"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/subscriptions/{subscriptionId}/add-ons": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the add-ons that a subscription has, had or will have
         * @description Needs the scope `billing:read`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    subscriptionId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: components["schemas"]["SubscriptionAddOn"][];
                        };
                    };
                };
            };
        };
        put?: never;
        /**
         * Give a subscription an add-on
         * @description It is billed with the invoice that closes the period: for the part of the period in which it is there, by seconds, or once as a whole. From now on unless `from` says otherwise, which may lie in the period under way or ahead.
         *
         *     Needs the scope `billing:write`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path: {
                    subscriptionId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /**
                         * @description Id or key
                         * @example priority-support
                         */
                        addOn: string;
                        /**
                         * @description How often the base price is due, like seats
                         * @example 5
                         */
                        quantity?: string | number;
                        /**
                         * Format: date-time
                         * @description An instant, ISO 8601 with zone
                         * @example 2026-03-01T00:00:00Z
                         */
                        from?: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SubscriptionAddOn"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/subscriptions/{subscriptionId}/add-ons/{attachedAddOnId}/detach": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take an add-on off a subscription
         * @description The period under way bills the part in which it was there. One that has not begun by then is as if it had never been; one that has ended stays as it is.
         *
         *     Needs the scope `billing:write`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path: {
                    subscriptionId: string;
                    attachedAddOnId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /**
                         * @description `now`, `period_end`, or an instant ahead
                         * @example now
                         */
                        when: ("now" | "period_end") | string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SubscriptionAddOn"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/subscriptions/{subscriptionId}/spend-threshold": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Have usage billed as soon as it comes to an amount
         * @description Within six hours after the usage of the period that is not billed yet has come to the amount, it is invoiced; the invoice of the period bills the rest. Null: usage is billed when its period is over.
         *
         *     Needs the scope `billing:write`.
         */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    subscriptionId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /**
                         * @description In the major unit of the plan’s currency
                         * @example 500
                         */
                        amount: (string | number) | null;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SubscriptionWithPeriods"];
                    };
                };
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/subscriptions/{subscriptionId}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel a subscription
         * @description `now` ends the period at this instant, and its base price and included units shrink to the part that was; a base price that was paid in advance stays paid. `period_end` lets it run out.
         *
         *     Needs the scope `billing:write`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path: {
                    subscriptionId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @enum {string} */
                        when: "now" | "period_end";
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SubscriptionWithPeriods"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/subscriptions/{subscriptionId}/suspend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Suspend a subscription; its usage is still billed
         * @description Needs the scope `billing:write`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path: {
                    subscriptionId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SubscriptionWithPeriods"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/subscriptions/{subscriptionId}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pause a subscription: usage is counted and not billed
         * @description Needs the scope `billing:write`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path: {
                    subscriptionId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SubscriptionWithPeriods"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/subscriptions/{subscriptionId}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Go on with a suspended or paused subscription
         * @description Needs the scope `billing:write`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path: {
                    subscriptionId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SubscriptionWithPeriods"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/subscriptions/{subscriptionId}/end-trial": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End the trial of a subscription now
         * @description Needs the scope `billing:write`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path: {
                    subscriptionId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SubscriptionWithPeriods"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/customers/{customerId}/credits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what a customer was granted, the newest first
         * @description Needs the scope `billing:read`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description How many rows at most; 50 when left out */
                    limit?: number;
                    cursor?: string;
                };
                header?: never;
                path: {
                    /** @description Your own name for the customer */
                    customerId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: components["schemas"]["Credit"][];
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        /**
         * Grant credits to a customer
         * @description Either `units` of a `meter`, which pay for units beyond the included ones, or `amountMinor` of a `currency`. Promotional money lowers an invoice before tax; other money pays it.
         *
         *     Needs the scope `billing:write`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path: {
                    /** @description Your own name for the customer */
                    customerId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description Id or key: grants `units` of it */
                        meter?: string;
                        /**
                         * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                         * @example 0.01
                         */
                        units?: string | number;
                        /**
                         * @description Money, in minor units of `currency`
                         * @example 10000
                         */
                        amountMinor?: string;
                        /**
                         * @description ISO 4217
                         * @example USD
                         */
                        currency?: string;
                        /** @description What money may pay for; everything when left out */
                        meters?: string[];
                        /**
                         * Format: date-time
                         * @description An instant, ISO 8601 with zone
                         * @example 2026-03-01T00:00:00Z
                         */
                        validFrom?: string;
                        validTo?: string | null;
                        /**
                         * @description The least is used first
                         * @default 100
                         */
                        priority?: number;
                        /** @default false */
                        isPromotional?: boolean;
                        /** @description `credits.low` is told when no more than this is left: units or minor units */
                        lowAt?: (string | number) | null;
                        /** @default  */
                        name?: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Credit"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/customers/{customerId}/credit-balance": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read what a customer has now
         * @description What is left of the grants that are valid now, what usage that is not invoiced yet will take of it, what holds keep, and what is free.
         *
         *     Needs the scope `billing:read`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Your own name for the customer */
                    customerId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CreditBalance"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/credits/{creditId}/entries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the ledger of a grant, the first entry first
         * @description Needs the scope `billing:read`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description How many rows at most; 50 when left out */
                    limit?: number;
                    cursor?: string;
                };
                header?: never;
                path: {
                    creditId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: components["schemas"]["CreditEntry"][];
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/credits/{creditId}/void": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take back what is left of a grant
         * @description What it has paid for stays paid. Usage that is not invoiced yet is no longer paid by it.
         *
         *     Needs the scope `billing:write`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path: {
                    creditId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Credit"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/credits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what all customers were granted, the newest first
         * @description Needs the scope `billing:read`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description How many rows at most; 50 when left out */
                    limit?: number;
                    cursor?: string;
                    /** @description Your own name for the customer */
                    customerId?: string;
                    kind?: "units" | "money";
                    /** @description `active`: something is left and may be used now; `upcoming`: from later on; `used_up`: nothing is left; `ended`: its time is over; `void`: taken back */
                    state?: "active" | "upcoming" | "used_up" | "ended" | "void";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: components["schemas"]["ListedCredit"][];
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/credits/totals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read what all customers together have left
         * @description Of the grants that are active now, by their ledgers: units of each meter, and money of each currency. What usage that is not invoiced yet will take is not off.
         *
         *     Needs the scope `billing:read`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: {
                                /** @enum {string} */
                                kind: "units" | "money";
                                meterId: string | null;
                                currency: string | null;
                                left: {
                                    units?: string;
                                    amountMinor?: string;
                                };
                                grants: number;
                                customers: number;
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/customers/{customerId}/credit-entries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the ledger of a customer, the newest entry first
         * @description What was granted, used, given back and taken back, of all its grants.
         *
         *     Needs the scope `billing:read`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description How many rows at most; 50 when left out */
                    limit?: number;
                    cursor?: string;
                };
                header?: never;
                path: {
                    /** @description Your own name for the customer */
                    customerId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: components["schemas"]["CustomerCreditEntry"][];
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/holds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Keep units free for work under way
         * @description Answers 409 when less is free. A `key` of yours makes the call repeatable: the same key gets the same hold, with 200.
         *
         *     Needs the scope `usage:write`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /**
                         * @description Your own name for the customer
                         * @example user_123
                         */
                        customerId: string;
                        /** @description Id or key */
                        meter: string;
                        /**
                         * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                         * @example 0.01
                         */
                        units: string | number;
                        /** @default null */
                        key?: string | null;
                        /** @default 900 */
                        expiresInSeconds?: number;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Hold"];
                    };
                };
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Hold"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/holds/{holdId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a hold
         * @description Needs the scope `usage:read`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    holdId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Hold"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/holds/{holdId}/commit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take what the work has used
         * @description Less, as much as was held, or more as far as it is free. These units are used up by this call: send no event for them.
         *
         *     Needs the scope `usage:write`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path: {
                    holdId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /**
                         * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                         * @example 0.01
                         */
                        units: string | number;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Hold"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/holds/{holdId}/release": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give the units free again
         * @description Needs the scope `usage:write`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path: {
                    holdId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Hold"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/customers/{customerId}/access": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Ask whether a customer may use units of a meter now
         * @description Needs the scope `usage:read`.
         */
        get: {
            parameters: {
                query: {
                    /** @description Id or key */
                    meter: string;
                    /** @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits */
                    units?: string | number;
                };
                header?: never;
                path: {
                    /** @description Your own name for the customer */
                    customerId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Access"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/invoices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List invoices, the newest first
         * @description A draft shows what it would come to if it were finalized now.
         *
         *     Needs the scope `billing:read`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description How many rows at most; 50 when left out */
                    limit?: number;
                    cursor?: string;
                    /** @description As it stands on the invoice */
                    number?: string;
                    /** @description Your own name for the customer */
                    customerId?: string;
                    subscriptionId?: string;
                    status?: "draft" | "finalized" | "paid" | "failed" | "void";
                    /** @description Whether they should have been paid by now, and are not */
                    overdue?: "true" | "false";
                    /** @description Of periods that begin no earlier */
                    periodFrom?: string;
                    /** @description Of periods that end no later */
                    periodTo?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: components["schemas"]["InvoiceSummary"][];
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        /**
         * Make a one-off invoice
         * @description Charges a customer for something beside all plans. It is final at once: numbered, told of and collected like every invoice. Taxed by the rate of each item, else of the customer; credits of money pay for it.
         *
         *     Needs the scope `billing:write`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /**
                         * @description Your own name for the customer
                         * @example user_123
                         */
                        customerId: string;
                        /**
                         * @description ISO 4217
                         * @example USD
                         */
                        currency: string;
                        items: {
                            description: string;
                            /**
                             * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                             * @example 0.01
                             */
                            quantity?: string | number;
                            /**
                             * @description Of one, in the major unit
                             * @example 150
                             */
                            unitAmount: string | number;
                            /**
                             * @description Id or key; null: that of the customer
                             * @default null
                             */
                            taxRate?: string | null;
                        }[];
                        /** @description Until it is due; those of the customer, else 0, unless given */
                        netDays?: number;
                        /** @description When it was supplied; at this instant unless given */
                        period?: {
                            /**
                             * Format: date-time
                             * @description An instant, ISO 8601 with zone
                             * @example 2026-03-01T00:00:00Z
                             */
                            start: string;
                            /**
                             * Format: date-time
                             * @description An instant, ISO 8601 with zone
                             * @example 2026-03-01T00:00:00Z
                             */
                            end: string;
                        };
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Invoice"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/invoices/{invoiceId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read an invoice with its lines
         * @description A draft is computed anew, by what computes the final invoice; a finalized one never changes.
         *
         *     Needs the scope `billing:read`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    invoiceId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Invoice"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/invoices/{invoiceId}/lines/{lineNo}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List exactly the events that a line counts
         * @description By time. For a finalized invoice they are the same for ever. With `Accept: application/x-ndjson` all of them come in one answer, one a line.
         *
         *     Needs the scope `billing:read`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description How many rows at most; 50 when left out */
                    limit?: number;
                    cursor?: string;
                };
                header?: never;
                path: {
                    invoiceId: string;
                    lineNo: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: {
                                eventId: string;
                                customerId: string;
                                /**
                                 * @description An instant, ISO 8601 in UTC
                                 * @example 2026-03-01T00:00:00.000Z
                                 */
                                timestamp: string;
                                amount: string;
                                /** @description What the meter read of it, if it reads */
                                value: string | null;
                            }[];
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/subscriptions/{subscriptionId}/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show the invoice that is under way
         * @description What the open period comes to if nothing more is used, and after the end of a subscription what came late: by the function that computes the final invoice.
         *
         *     Needs the scope `billing:read`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    subscriptionId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["InvoicePreview"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/subscriptions/{subscriptionId}/unpark": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let the billing of a subscription go on that was stopped
         * @description Billing stops when a recount of the events does not agree with the usage. Afterwards everything that fell due meanwhile is done; what is still wrong stops it again.
         *
         *     Needs the scope `billing:write`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path: {
                    subscriptionId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            id: string;
                            status: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/{eventId}/way": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow one event to the invoices that count it
         * @description For each meter of its name: what it read, or why not; which period of which subscription it fell in; and the lines of invoices that count it, drafts too. While a period is open there are none.
         *
         *     Needs the scope `billing:read`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    eventId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["EventWay"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/exports/invoices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export invoices as CSV or NDJSON
         * @description All that the filter lets through, the newest first, in one answer of any length. Amounts in CSV are in the major unit, and a cell that a spreadsheet would run begins with an apostrophe; NDJSON has the fields of the API. A draft shows what it comes to now.
         *
         *     Needs the scope `billing:read`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description As it stands on the invoice */
                    number?: string;
                    /** @description Your own name for the customer */
                    customerId?: string;
                    subscriptionId?: string;
                    status?: "draft" | "finalized" | "paid" | "failed" | "void";
                    /** @description Whether they should have been paid by now, and are not */
                    overdue?: "true" | "false";
                    /** @description Of periods that begin no earlier */
                    periodFrom?: string;
                    /** @description Of periods that end no later */
                    periodTo?: string;
                    format?: "csv" | "ndjson";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description text/csv or application/x-ndjson */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": string;
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/exports/invoice-lines": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export the lines of invoices as CSV or NDJSON
         * @description All that the filter lets through, the newest first, in one answer of any length. Amounts in CSV are in the major unit, and a cell that a spreadsheet would run begins with an apostrophe; NDJSON has the fields of the API. A draft shows what it comes to now.
         *
         *     Needs the scope `billing:read`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description As it stands on the invoice */
                    number?: string;
                    /** @description Your own name for the customer */
                    customerId?: string;
                    subscriptionId?: string;
                    status?: "draft" | "finalized" | "paid" | "failed" | "void";
                    /** @description Whether they should have been paid by now, and are not */
                    overdue?: "true" | "false";
                    /** @description Of periods that begin no earlier */
                    periodFrom?: string;
                    /** @description Of periods that end no later */
                    periodTo?: string;
                    format?: "csv" | "ndjson";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description text/csv or application/x-ndjson */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": string;
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/simulations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say what customers would have been billed at other prices
         * @description Computes the billed periods within `from` and `to` twice with all their usage: as they are sold, and by another version of a plan or a draft. Writes nothing. Repeat it with `after: next` until `next` is null.
         *
         *     Needs the scope `billing:read`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description A version of a plan, or the content of one that is not stored */
                        plan: {
                            /** @description Id or key */
                            plan: string;
                            version: number;
                        } | {
                            draft: {
                                /**
                                 * @description ISO 4217
                                 * @example USD
                                 */
                                currency: string;
                                /** @enum {string} */
                                cycle: "day" | "week" | "month" | "quarter" | "year";
                                /**
                                 * @description Of a whole period, in the major unit
                                 * @example 100
                                 */
                                basePrice?: string | number;
                                /** @default false */
                                baseInAdvance?: boolean;
                                /**
                                 * @description How long the end of a period waits for late events
                                 * @default 3600
                                 */
                                graceSeconds?: number;
                                prices?: ({
                                    /** @enum {string} */
                                    model: "per_unit";
                                    /**
                                     * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                     * @example 0.01
                                     */
                                    unitPrice: string | number;
                                    /**
                                     * @description Units of a whole period that cost nothing
                                     * @example 10000
                                     */
                                    includedUnits?: string | number;
                                    /**
                                     * @description What the usage of a period costs at least
                                     * @example 0.01
                                     */
                                    minimum?: string | number;
                                    /**
                                     * @description What the usage of a period costs at most
                                     * @example 0.01
                                     */
                                    maximum?: string | number;
                                    /**
                                     * @description Id or key of the meter
                                     * @example API_CALL
                                     */
                                    meter: string;
                                    taxRate?: string | null;
                                } | {
                                    /** @enum {string} */
                                    model: "package";
                                    /**
                                     * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                     * @example 0.01
                                     */
                                    packageSize: string | number;
                                    /**
                                     * @description Of each started package
                                     * @example 0.01
                                     */
                                    packagePrice: string | number;
                                    /**
                                     * @description Units of a whole period that cost nothing
                                     * @example 10000
                                     */
                                    includedUnits?: string | number;
                                    /**
                                     * @description What the usage of a period costs at least
                                     * @example 0.01
                                     */
                                    minimum?: string | number;
                                    /**
                                     * @description What the usage of a period costs at most
                                     * @example 0.01
                                     */
                                    maximum?: string | number;
                                    /**
                                     * @description Id or key of the meter
                                     * @example API_CALL
                                     */
                                    meter: string;
                                    taxRate?: string | null;
                                } | {
                                    /** @enum {string} */
                                    model: "graduated";
                                    tiers: {
                                        /** @description Up to and including; null for the last tier, and for no other */
                                        upTo: (string | number) | null;
                                        /**
                                         * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                         * @example 0.01
                                         */
                                        unitPrice: string | number;
                                        /**
                                         * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                         * @example 0.01
                                         */
                                        flatFee?: string | number;
                                    }[];
                                    /**
                                     * @description Units of a whole period that cost nothing
                                     * @example 10000
                                     */
                                    includedUnits?: string | number;
                                    /**
                                     * @description What the usage of a period costs at least
                                     * @example 0.01
                                     */
                                    minimum?: string | number;
                                    /**
                                     * @description What the usage of a period costs at most
                                     * @example 0.01
                                     */
                                    maximum?: string | number;
                                    /**
                                     * @description Id or key of the meter
                                     * @example API_CALL
                                     */
                                    meter: string;
                                    taxRate?: string | null;
                                } | {
                                    /** @enum {string} */
                                    model: "volume";
                                    tiers: {
                                        /** @description Up to and including; null for the last tier, and for no other */
                                        upTo: (string | number) | null;
                                        /**
                                         * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                         * @example 0.01
                                         */
                                        unitPrice: string | number;
                                        /**
                                         * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                         * @example 0.01
                                         */
                                        flatFee?: string | number;
                                    }[];
                                    /**
                                     * @description Units of a whole period that cost nothing
                                     * @example 10000
                                     */
                                    includedUnits?: string | number;
                                    /**
                                     * @description What the usage of a period costs at least
                                     * @example 0.01
                                     */
                                    minimum?: string | number;
                                    /**
                                     * @description What the usage of a period costs at most
                                     * @example 0.01
                                     */
                                    maximum?: string | number;
                                    /**
                                     * @description Id or key of the meter
                                     * @example API_CALL
                                     */
                                    meter: string;
                                    taxRate?: string | null;
                                } | {
                                    /** @enum {string} */
                                    model: "percentage";
                                    /**
                                     * @description Of the sum of the period
                                     * @example 2.9
                                     */
                                    percent: string | number;
                                    /**
                                     * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                     * @example 0.01
                                     */
                                    fixedPerEvent?: string | number;
                                    /**
                                     * @description Units of a whole period that cost nothing
                                     * @example 10000
                                     */
                                    includedUnits?: string | number;
                                    /**
                                     * @description What the usage of a period costs at least
                                     * @example 0.01
                                     */
                                    minimum?: string | number;
                                    /**
                                     * @description What the usage of a period costs at most
                                     * @example 0.01
                                     */
                                    maximum?: string | number;
                                    /**
                                     * @description Id or key of the meter
                                     * @example API_CALL
                                     */
                                    meter: string;
                                    taxRate?: string | null;
                                } | {
                                    /** @enum {string} */
                                    model: "by_dimension";
                                    /**
                                     * @description By which the meter groups
                                     * @example [
                                     *       "model"
                                     *     ]
                                     */
                                    properties: string[];
                                    cases: {
                                        values: (string | number | boolean | null)[];
                                        price: {
                                            /** @enum {string} */
                                            model: "per_unit";
                                            /**
                                             * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                             * @example 0.01
                                             */
                                            unitPrice: string | number;
                                            /**
                                             * @description Units of a whole period that cost nothing
                                             * @example 10000
                                             */
                                            includedUnits?: string | number;
                                            /**
                                             * @description What the usage of a period costs at least
                                             * @example 0.01
                                             */
                                            minimum?: string | number;
                                            /**
                                             * @description What the usage of a period costs at most
                                             * @example 0.01
                                             */
                                            maximum?: string | number;
                                        } | {
                                            /** @enum {string} */
                                            model: "package";
                                            /**
                                             * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                             * @example 0.01
                                             */
                                            packageSize: string | number;
                                            /**
                                             * @description Of each started package
                                             * @example 0.01
                                             */
                                            packagePrice: string | number;
                                            /**
                                             * @description Units of a whole period that cost nothing
                                             * @example 10000
                                             */
                                            includedUnits?: string | number;
                                            /**
                                             * @description What the usage of a period costs at least
                                             * @example 0.01
                                             */
                                            minimum?: string | number;
                                            /**
                                             * @description What the usage of a period costs at most
                                             * @example 0.01
                                             */
                                            maximum?: string | number;
                                        } | {
                                            /** @enum {string} */
                                            model: "graduated";
                                            tiers: {
                                                /** @description Up to and including; null for the last tier, and for no other */
                                                upTo: (string | number) | null;
                                                /**
                                                 * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                                 * @example 0.01
                                                 */
                                                unitPrice: string | number;
                                                /**
                                                 * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                                 * @example 0.01
                                                 */
                                                flatFee?: string | number;
                                            }[];
                                            /**
                                             * @description Units of a whole period that cost nothing
                                             * @example 10000
                                             */
                                            includedUnits?: string | number;
                                            /**
                                             * @description What the usage of a period costs at least
                                             * @example 0.01
                                             */
                                            minimum?: string | number;
                                            /**
                                             * @description What the usage of a period costs at most
                                             * @example 0.01
                                             */
                                            maximum?: string | number;
                                        } | {
                                            /** @enum {string} */
                                            model: "volume";
                                            tiers: {
                                                /** @description Up to and including; null for the last tier, and for no other */
                                                upTo: (string | number) | null;
                                                /**
                                                 * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                                 * @example 0.01
                                                 */
                                                unitPrice: string | number;
                                                /**
                                                 * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                                 * @example 0.01
                                                 */
                                                flatFee?: string | number;
                                            }[];
                                            /**
                                             * @description Units of a whole period that cost nothing
                                             * @example 10000
                                             */
                                            includedUnits?: string | number;
                                            /**
                                             * @description What the usage of a period costs at least
                                             * @example 0.01
                                             */
                                            minimum?: string | number;
                                            /**
                                             * @description What the usage of a period costs at most
                                             * @example 0.01
                                             */
                                            maximum?: string | number;
                                        } | {
                                            /** @enum {string} */
                                            model: "percentage";
                                            /**
                                             * @description Of the sum of the period
                                             * @example 2.9
                                             */
                                            percent: string | number;
                                            /**
                                             * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                             * @example 0.01
                                             */
                                            fixedPerEvent?: string | number;
                                            /**
                                             * @description Units of a whole period that cost nothing
                                             * @example 10000
                                             */
                                            includedUnits?: string | number;
                                            /**
                                             * @description What the usage of a period costs at least
                                             * @example 0.01
                                             */
                                            minimum?: string | number;
                                            /**
                                             * @description What the usage of a period costs at most
                                             * @example 0.01
                                             */
                                            maximum?: string | number;
                                        };
                                    }[];
                                    /** @description For all other values, taken as one */
                                    otherwise: {
                                        /** @enum {string} */
                                        model: "per_unit";
                                        /**
                                         * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                         * @example 0.01
                                         */
                                        unitPrice: string | number;
                                        /**
                                         * @description Units of a whole period that cost nothing
                                         * @example 10000
                                         */
                                        includedUnits?: string | number;
                                        /**
                                         * @description What the usage of a period costs at least
                                         * @example 0.01
                                         */
                                        minimum?: string | number;
                                        /**
                                         * @description What the usage of a period costs at most
                                         * @example 0.01
                                         */
                                        maximum?: string | number;
                                    } | {
                                        /** @enum {string} */
                                        model: "package";
                                        /**
                                         * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                         * @example 0.01
                                         */
                                        packageSize: string | number;
                                        /**
                                         * @description Of each started package
                                         * @example 0.01
                                         */
                                        packagePrice: string | number;
                                        /**
                                         * @description Units of a whole period that cost nothing
                                         * @example 10000
                                         */
                                        includedUnits?: string | number;
                                        /**
                                         * @description What the usage of a period costs at least
                                         * @example 0.01
                                         */
                                        minimum?: string | number;
                                        /**
                                         * @description What the usage of a period costs at most
                                         * @example 0.01
                                         */
                                        maximum?: string | number;
                                    } | {
                                        /** @enum {string} */
                                        model: "graduated";
                                        tiers: {
                                            /** @description Up to and including; null for the last tier, and for no other */
                                            upTo: (string | number) | null;
                                            /**
                                             * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                             * @example 0.01
                                             */
                                            unitPrice: string | number;
                                            /**
                                             * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                             * @example 0.01
                                             */
                                            flatFee?: string | number;
                                        }[];
                                        /**
                                         * @description Units of a whole period that cost nothing
                                         * @example 10000
                                         */
                                        includedUnits?: string | number;
                                        /**
                                         * @description What the usage of a period costs at least
                                         * @example 0.01
                                         */
                                        minimum?: string | number;
                                        /**
                                         * @description What the usage of a period costs at most
                                         * @example 0.01
                                         */
                                        maximum?: string | number;
                                    } | {
                                        /** @enum {string} */
                                        model: "volume";
                                        tiers: {
                                            /** @description Up to and including; null for the last tier, and for no other */
                                            upTo: (string | number) | null;
                                            /**
                                             * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                             * @example 0.01
                                             */
                                            unitPrice: string | number;
                                            /**
                                             * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                             * @example 0.01
                                             */
                                            flatFee?: string | number;
                                        }[];
                                        /**
                                         * @description Units of a whole period that cost nothing
                                         * @example 10000
                                         */
                                        includedUnits?: string | number;
                                        /**
                                         * @description What the usage of a period costs at least
                                         * @example 0.01
                                         */
                                        minimum?: string | number;
                                        /**
                                         * @description What the usage of a period costs at most
                                         * @example 0.01
                                         */
                                        maximum?: string | number;
                                    } | {
                                        /** @enum {string} */
                                        model: "percentage";
                                        /**
                                         * @description Of the sum of the period
                                         * @example 2.9
                                         */
                                        percent: string | number;
                                        /**
                                         * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                         * @example 0.01
                                         */
                                        fixedPerEvent?: string | number;
                                        /**
                                         * @description Units of a whole period that cost nothing
                                         * @example 10000
                                         */
                                        includedUnits?: string | number;
                                        /**
                                         * @description What the usage of a period costs at least
                                         * @example 0.01
                                         */
                                        minimum?: string | number;
                                        /**
                                         * @description What the usage of a period costs at most
                                         * @example 0.01
                                         */
                                        maximum?: string | number;
                                    };
                                    /**
                                     * @description Id or key of the meter
                                     * @example API_CALL
                                     */
                                    meter: string;
                                    taxRate?: string | null;
                                })[];
                                flatPrices?: {
                                    name: string;
                                    /**
                                     * @description In the major unit
                                     * @example 20
                                     */
                                    amount: string | number;
                                    /**
                                     * @description For every period, or with the first one
                                     * @enum {string}
                                     */
                                    recurring: "period" | "once";
                                    /** @default null */
                                    taxRate?: string | null;
                                }[];
                                /** @description Granted anew for each period */
                                credits?: {
                                    /** @description Id or key: a credit of units */
                                    meter?: string;
                                    /**
                                     * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                     * @example 0.01
                                     */
                                    units?: string | number;
                                    /**
                                     * @description A credit of money, in the major unit of the plan’s currency
                                     * @example 0.01
                                     */
                                    amount?: string | number;
                                    /** @default 100 */
                                    priority?: number;
                                    /** @default true */
                                    isPromotional?: boolean;
                                    /** @description How what is left goes over into the next period; null: it lapses */
                                    rollover?: {
                                        /** @description At most this goes over, units or money; null: all of it */
                                        cap?: (string | number) | null;
                                        /** @default 1 */
                                        periods?: number;
                                    } | null;
                                }[];
                                /** @description What a period costs at least, in the major unit */
                                minimum?: (string | number) | null;
                                /** @default 0 */
                                trialDays?: number;
                                /**
                                 * @description From the invoice until it is due
                                 * @default 0
                                 */
                                netDays?: number;
                                /** @default null */
                                taxRate?: string | null;
                            };
                        };
                        customers?: string[];
                        /** @description All who are on this plan, or on one version of it */
                        on?: {
                            /** @description Id or key */
                            plan: string;
                            version?: number;
                        };
                        /**
                         * Format: date-time
                         * @description An instant, ISO 8601 with zone
                         * @example 2026-03-01T00:00:00Z
                         */
                        from: string;
                        /**
                         * Format: date-time
                         * @description An instant, ISO 8601 with zone
                         * @example 2026-03-01T00:00:00Z
                         */
                        to: string;
                        /** @default 200 */
                        limit?: number;
                        after?: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: {
                                customerId: string;
                                subscriptionId: string;
                                currency: string;
                                periods: number;
                                /** @description As it is sold */
                                before: {
                                    /** @description Before discounts and tax */
                                    subtotalMinor: string;
                                    totalMinor: string;
                                };
                                /** @description By the other plan */
                                after: {
                                    /** @description Before discounts and tax */
                                    subtotalMinor: string;
                                    totalMinor: string;
                                } | null;
                                /** @description Of the totals */
                                differenceMinor: string | null;
                                refused: {
                                    code: string;
                                    message: string;
                                } | null;
                            }[];
                            /** @description Of this page, without who is refused */
                            sums: {
                                currency: string;
                                subscriptions: number;
                                before: {
                                    /** @description Before discounts and tax */
                                    subtotalMinor: string;
                                    totalMinor: string;
                                };
                                after: {
                                    /** @description Before discounts and tax */
                                    subtotalMinor: string;
                                    totalMinor: string;
                                };
                                differenceMinor: string;
                            }[];
                            /** @description Send it as `after` for the next page */
                            next: string | null;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/invoices/{invoiceId}/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Compute a final invoice again from its events, and compare
         * @description Counts the events one by one, as they stood when the invoice was made, and rates them by the versions it was made with. Names every field that differs. Writes nothing.
         *
         *     Needs the scope `billing:read`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path: {
                    invoiceId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["InvoiceVerification"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/plans/{plan}/versions/{version}/move": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Move subscriptions to this version from another
         * @description Moves up to `limit` subscriptions, or with `dryRun`, which is the default, only says what the period under way would come to at both versions. Repeat it with `after: next` until `next` is null.
         *
         *     Needs the scope `billing:write`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path: {
                    plan: string;
                    version: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        from: number;
                        /** @enum {string} */
                        when: "now" | "period_end";
                        /** @default true */
                        dryRun?: boolean;
                        /** @default 200 */
                        limit?: number;
                        after?: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: {
                                subscriptionId: string;
                                customerId: string;
                                /** @description The period under way with the usage so far; null: it is not billed */
                                before: {
                                    totalMinor: string;
                                    currency: string;
                                } | null;
                                /** @description The same at the prices of the new version */
                                after: {
                                    totalMinor: string;
                                    currency: string;
                                } | null;
                                /** @description Null between two currencies */
                                differenceMinor: string | null;
                                /** @description Why this one stays on its version */
                                refused: {
                                    code: string;
                                    message: string;
                                } | null;
                            }[];
                            next: string | null;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/subscriptions/{subscriptionId}/change/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Show what a change of a subscription would mean
         * @description Takes what a change takes and refuses what it would refuse; nothing is written. Both sides are the whole period under way with the usage so far, so that their prices can be compared; a change within the period bills each part by its own.
         *
         *     Needs the scope `billing:read`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path: {
                    subscriptionId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /**
                         * @description Id or key
                         * @example scale
                         */
                        plan?: string;
                        planVersion?: number;
                        /**
                         * @description How often the base price is due, like seats
                         * @example 5
                         */
                        quantity?: string | number;
                        /** @description Prices for this subscription alone, all anew; {} for none. When left out they stay, unless the plan becomes another */
                        overrides?: {
                            /**
                             * @description In the major unit
                             * @example 80
                             */
                            basePrice?: string | number;
                            /**
                             * @description In the major unit; 0 is none
                             * @example 0.01
                             */
                            minimum?: string | number;
                            /** @description Of meters that the plan has a price for, each as a whole */
                            prices?: ({
                                /** @enum {string} */
                                model: "per_unit";
                                /**
                                 * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                 * @example 0.01
                                 */
                                unitPrice: string | number;
                                /**
                                 * @description Units of a whole period that cost nothing
                                 * @example 10000
                                 */
                                includedUnits?: string | number;
                                /**
                                 * @description What the usage of a period costs at least
                                 * @example 0.01
                                 */
                                minimum?: string | number;
                                /**
                                 * @description What the usage of a period costs at most
                                 * @example 0.01
                                 */
                                maximum?: string | number;
                                /**
                                 * @description Id or key of the meter
                                 * @example API_CALL
                                 */
                                meter: string;
                            } | {
                                /** @enum {string} */
                                model: "package";
                                /**
                                 * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                 * @example 0.01
                                 */
                                packageSize: string | number;
                                /**
                                 * @description Of each started package
                                 * @example 0.01
                                 */
                                packagePrice: string | number;
                                /**
                                 * @description Units of a whole period that cost nothing
                                 * @example 10000
                                 */
                                includedUnits?: string | number;
                                /**
                                 * @description What the usage of a period costs at least
                                 * @example 0.01
                                 */
                                minimum?: string | number;
                                /**
                                 * @description What the usage of a period costs at most
                                 * @example 0.01
                                 */
                                maximum?: string | number;
                                /**
                                 * @description Id or key of the meter
                                 * @example API_CALL
                                 */
                                meter: string;
                            } | {
                                /** @enum {string} */
                                model: "graduated";
                                tiers: {
                                    /** @description Up to and including; null for the last tier, and for no other */
                                    upTo: (string | number) | null;
                                    /**
                                     * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                     * @example 0.01
                                     */
                                    unitPrice: string | number;
                                    /**
                                     * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                     * @example 0.01
                                     */
                                    flatFee?: string | number;
                                }[];
                                /**
                                 * @description Units of a whole period that cost nothing
                                 * @example 10000
                                 */
                                includedUnits?: string | number;
                                /**
                                 * @description What the usage of a period costs at least
                                 * @example 0.01
                                 */
                                minimum?: string | number;
                                /**
                                 * @description What the usage of a period costs at most
                                 * @example 0.01
                                 */
                                maximum?: string | number;
                                /**
                                 * @description Id or key of the meter
                                 * @example API_CALL
                                 */
                                meter: string;
                            } | {
                                /** @enum {string} */
                                model: "volume";
                                tiers: {
                                    /** @description Up to and including; null for the last tier, and for no other */
                                    upTo: (string | number) | null;
                                    /**
                                     * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                     * @example 0.01
                                     */
                                    unitPrice: string | number;
                                    /**
                                     * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                     * @example 0.01
                                     */
                                    flatFee?: string | number;
                                }[];
                                /**
                                 * @description Units of a whole period that cost nothing
                                 * @example 10000
                                 */
                                includedUnits?: string | number;
                                /**
                                 * @description What the usage of a period costs at least
                                 * @example 0.01
                                 */
                                minimum?: string | number;
                                /**
                                 * @description What the usage of a period costs at most
                                 * @example 0.01
                                 */
                                maximum?: string | number;
                                /**
                                 * @description Id or key of the meter
                                 * @example API_CALL
                                 */
                                meter: string;
                            } | {
                                /** @enum {string} */
                                model: "percentage";
                                /**
                                 * @description Of the sum of the period
                                 * @example 2.9
                                 */
                                percent: string | number;
                                /**
                                 * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                 * @example 0.01
                                 */
                                fixedPerEvent?: string | number;
                                /**
                                 * @description Units of a whole period that cost nothing
                                 * @example 10000
                                 */
                                includedUnits?: string | number;
                                /**
                                 * @description What the usage of a period costs at least
                                 * @example 0.01
                                 */
                                minimum?: string | number;
                                /**
                                 * @description What the usage of a period costs at most
                                 * @example 0.01
                                 */
                                maximum?: string | number;
                                /**
                                 * @description Id or key of the meter
                                 * @example API_CALL
                                 */
                                meter: string;
                            } | {
                                /** @enum {string} */
                                model: "by_dimension";
                                /**
                                 * @description By which the meter groups
                                 * @example [
                                 *       "model"
                                 *     ]
                                 */
                                properties: string[];
                                cases: {
                                    values: (string | number | boolean | null)[];
                                    price: {
                                        /** @enum {string} */
                                        model: "per_unit";
                                        /**
                                         * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                         * @example 0.01
                                         */
                                        unitPrice: string | number;
                                        /**
                                         * @description Units of a whole period that cost nothing
                                         * @example 10000
                                         */
                                        includedUnits?: string | number;
                                        /**
                                         * @description What the usage of a period costs at least
                                         * @example 0.01
                                         */
                                        minimum?: string | number;
                                        /**
                                         * @description What the usage of a period costs at most
                                         * @example 0.01
                                         */
                                        maximum?: string | number;
                                    } | {
                                        /** @enum {string} */
                                        model: "package";
                                        /**
                                         * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                         * @example 0.01
                                         */
                                        packageSize: string | number;
                                        /**
                                         * @description Of each started package
                                         * @example 0.01
                                         */
                                        packagePrice: string | number;
                                        /**
                                         * @description Units of a whole period that cost nothing
                                         * @example 10000
                                         */
                                        includedUnits?: string | number;
                                        /**
                                         * @description What the usage of a period costs at least
                                         * @example 0.01
                                         */
                                        minimum?: string | number;
                                        /**
                                         * @description What the usage of a period costs at most
                                         * @example 0.01
                                         */
                                        maximum?: string | number;
                                    } | {
                                        /** @enum {string} */
                                        model: "graduated";
                                        tiers: {
                                            /** @description Up to and including; null for the last tier, and for no other */
                                            upTo: (string | number) | null;
                                            /**
                                             * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                             * @example 0.01
                                             */
                                            unitPrice: string | number;
                                            /**
                                             * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                             * @example 0.01
                                             */
                                            flatFee?: string | number;
                                        }[];
                                        /**
                                         * @description Units of a whole period that cost nothing
                                         * @example 10000
                                         */
                                        includedUnits?: string | number;
                                        /**
                                         * @description What the usage of a period costs at least
                                         * @example 0.01
                                         */
                                        minimum?: string | number;
                                        /**
                                         * @description What the usage of a period costs at most
                                         * @example 0.01
                                         */
                                        maximum?: string | number;
                                    } | {
                                        /** @enum {string} */
                                        model: "volume";
                                        tiers: {
                                            /** @description Up to and including; null for the last tier, and for no other */
                                            upTo: (string | number) | null;
                                            /**
                                             * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                             * @example 0.01
                                             */
                                            unitPrice: string | number;
                                            /**
                                             * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                             * @example 0.01
                                             */
                                            flatFee?: string | number;
                                        }[];
                                        /**
                                         * @description Units of a whole period that cost nothing
                                         * @example 10000
                                         */
                                        includedUnits?: string | number;
                                        /**
                                         * @description What the usage of a period costs at least
                                         * @example 0.01
                                         */
                                        minimum?: string | number;
                                        /**
                                         * @description What the usage of a period costs at most
                                         * @example 0.01
                                         */
                                        maximum?: string | number;
                                    } | {
                                        /** @enum {string} */
                                        model: "percentage";
                                        /**
                                         * @description Of the sum of the period
                                         * @example 2.9
                                         */
                                        percent: string | number;
                                        /**
                                         * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                         * @example 0.01
                                         */
                                        fixedPerEvent?: string | number;
                                        /**
                                         * @description Units of a whole period that cost nothing
                                         * @example 10000
                                         */
                                        includedUnits?: string | number;
                                        /**
                                         * @description What the usage of a period costs at least
                                         * @example 0.01
                                         */
                                        minimum?: string | number;
                                        /**
                                         * @description What the usage of a period costs at most
                                         * @example 0.01
                                         */
                                        maximum?: string | number;
                                    };
                                }[];
                                /** @description For all other values, taken as one */
                                otherwise: {
                                    /** @enum {string} */
                                    model: "per_unit";
                                    /**
                                     * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                     * @example 0.01
                                     */
                                    unitPrice: string | number;
                                    /**
                                     * @description Units of a whole period that cost nothing
                                     * @example 10000
                                     */
                                    includedUnits?: string | number;
                                    /**
                                     * @description What the usage of a period costs at least
                                     * @example 0.01
                                     */
                                    minimum?: string | number;
                                    /**
                                     * @description What the usage of a period costs at most
                                     * @example 0.01
                                     */
                                    maximum?: string | number;
                                } | {
                                    /** @enum {string} */
                                    model: "package";
                                    /**
                                     * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                     * @example 0.01
                                     */
                                    packageSize: string | number;
                                    /**
                                     * @description Of each started package
                                     * @example 0.01
                                     */
                                    packagePrice: string | number;
                                    /**
                                     * @description Units of a whole period that cost nothing
                                     * @example 10000
                                     */
                                    includedUnits?: string | number;
                                    /**
                                     * @description What the usage of a period costs at least
                                     * @example 0.01
                                     */
                                    minimum?: string | number;
                                    /**
                                     * @description What the usage of a period costs at most
                                     * @example 0.01
                                     */
                                    maximum?: string | number;
                                } | {
                                    /** @enum {string} */
                                    model: "graduated";
                                    tiers: {
                                        /** @description Up to and including; null for the last tier, and for no other */
                                        upTo: (string | number) | null;
                                        /**
                                         * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                         * @example 0.01
                                         */
                                        unitPrice: string | number;
                                        /**
                                         * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                         * @example 0.01
                                         */
                                        flatFee?: string | number;
                                    }[];
                                    /**
                                     * @description Units of a whole period that cost nothing
                                     * @example 10000
                                     */
                                    includedUnits?: string | number;
                                    /**
                                     * @description What the usage of a period costs at least
                                     * @example 0.01
                                     */
                                    minimum?: string | number;
                                    /**
                                     * @description What the usage of a period costs at most
                                     * @example 0.01
                                     */
                                    maximum?: string | number;
                                } | {
                                    /** @enum {string} */
                                    model: "volume";
                                    tiers: {
                                        /** @description Up to and including; null for the last tier, and for no other */
                                        upTo: (string | number) | null;
                                        /**
                                         * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                         * @example 0.01
                                         */
                                        unitPrice: string | number;
                                        /**
                                         * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                         * @example 0.01
                                         */
                                        flatFee?: string | number;
                                    }[];
                                    /**
                                     * @description Units of a whole period that cost nothing
                                     * @example 10000
                                     */
                                    includedUnits?: string | number;
                                    /**
                                     * @description What the usage of a period costs at least
                                     * @example 0.01
                                     */
                                    minimum?: string | number;
                                    /**
                                     * @description What the usage of a period costs at most
                                     * @example 0.01
                                     */
                                    maximum?: string | number;
                                } | {
                                    /** @enum {string} */
                                    model: "percentage";
                                    /**
                                     * @description Of the sum of the period
                                     * @example 2.9
                                     */
                                    percent: string | number;
                                    /**
                                     * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                                     * @example 0.01
                                     */
                                    fixedPerEvent?: string | number;
                                    /**
                                     * @description Units of a whole period that cost nothing
                                     * @example 10000
                                     */
                                    includedUnits?: string | number;
                                    /**
                                     * @description What the usage of a period costs at least
                                     * @example 0.01
                                     */
                                    minimum?: string | number;
                                    /**
                                     * @description What the usage of a period costs at most
                                     * @example 0.01
                                     */
                                    maximum?: string | number;
                                };
                                /**
                                 * @description Id or key of the meter
                                 * @example API_CALL
                                 */
                                meter: string;
                            })[];
                        };
                        /**
                         * @description `now`, `period_end` (of a trial: its end), or an instant ahead
                         * @example period_end
                         */
                        when: ("now" | "period_end") | string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ChangePreview"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/invoices/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Show what a one-off invoice would say
         * @description By the function that makes it; nothing is written.
         *
         *     Needs the scope `billing:read`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /**
                         * @description Your own name for the customer
                         * @example user_123
                         */
                        customerId: string;
                        /**
                         * @description ISO 4217
                         * @example USD
                         */
                        currency: string;
                        items: {
                            description: string;
                            /**
                             * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                             * @example 0.01
                             */
                            quantity?: string | number;
                            /**
                             * @description Of one, in the major unit
                             * @example 150
                             */
                            unitAmount: string | number;
                            /**
                             * @description Id or key; null: that of the customer
                             * @default null
                             */
                            taxRate?: string | null;
                        }[];
                        /** @description Until it is due; those of the customer, else 0, unless given */
                        netDays?: number;
                        /** @description When it was supplied; at this instant unless given */
                        period?: {
                            /**
                             * Format: date-time
                             * @description An instant, ISO 8601 with zone
                             * @example 2026-03-01T00:00:00Z
                             */
                            start: string;
                            /**
                             * Format: date-time
                             * @description An instant, ISO 8601 with zone
                             * @example 2026-03-01T00:00:00Z
                             */
                            end: string;
                        };
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["InvoicePreview"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/invoices/{invoiceId}/credit-notes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take back an invoice, or a part of it
         * @description Of `lines`, each by an `amount` or as a whole; an `amount` over all lines; or, with neither, all that is left. The money becomes prepaid credit of the customer, or is given back as it was paid, which only what was paid with money can be: by the provider of the payment, else by you.
         *
         *     Needs the scope `billing:write`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path: {
                    invoiceId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        lines?: {
                            lineNo: number;
                            /**
                             * @description In the major unit, tax included
                             * @example 20
                             */
                            amount?: string | number;
                        }[];
                        /**
                         * @description In the major unit, tax included
                         * @example 20
                         */
                        amount?: string | number;
                        /** @enum {string} */
                        settlement: "credit" | "refund";
                        reason: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CreditNote"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/credit-notes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List credit notes, the newest first
         * @description Needs the scope `billing:read`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description How many rows at most; 50 when left out */
                    limit?: number;
                    cursor?: string;
                    /** @description Your own name for the customer */
                    customerId?: string;
                    invoiceId?: string;
                    settlement?: "credit" | "refund";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: components["schemas"]["ListedCreditNote"][];
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/credit-notes/{creditNoteId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a credit note
         * @description Needs the scope `billing:read`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    creditNoteId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CreditNote"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/settings/billing": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read what stands on every invoice
         * @description Needs the scope `billing:read`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["BillingSettings"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change what stands on every invoice
         * @description What is not sent stays. A number pattern holds for invoices that are finalized from now on.
         *
         *     Needs the scope `billing:write`.
         */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /**
                         * @description Who sends the invoices
                         * @example CloudAI, Inc.
                         */
                        sellerName?: string;
                        /** @description Line by line */
                        sellerAddress?: string[];
                        taxNumbers?: string[];
                        email?: string | null;
                        /**
                         * @description Of customers who have none of their own
                         * @enum {string}
                         */
                        language?: "en" | "de" | "fr" | "es" | "it" | "pt" | "nl";
                        /** @description In which the days on documents are counted */
                        timeZone?: string;
                        /**
                         * @description With {number} or {number:6}, and if you like {year} and {month}
                         * @example INV-{number:6}
                         */
                        numberPattern?: string;
                        /**
                         * @description The same for credit notes, which are numbered apart
                         * @example CN-{number:6}
                         */
                        creditNotePattern?: string;
                        /** @description Below the sums, like terms of payment */
                        note?: string | null;
                        /** @description A PNG or a JPEG of at most 256 KB, as base64; null removes it */
                        logo?: string | null;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["BillingSettings"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/api/v1/settings/billing/logo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the logo that stands on every invoice
         * @description Needs the scope `billing:read`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description An address of the kind `data:` */
                            image: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/invoices/{invoiceId}/pdf": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read an invoice as a PDF
         * @description In the customer's language, or else that of the settings. A draft says that it is one.
         *
         *     Needs the scope `billing:read`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    invoiceId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description application/pdf */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": string;
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/credit-notes/{creditNoteId}/pdf": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a credit note as a PDF
         * @description Needs the scope `billing:read`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    creditNoteId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description application/pdf */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": string;
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/settings/billing/next-numbers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show what the next invoice and credit note would be numbered
         * @description By the patterns that are given, else by those of the settings. No number is taken: that happens when a document becomes final.
         *
         *     Needs the scope `billing:read`.
         */
        get: {
            parameters: {
                query?: {
                    numberPattern?: string;
                    creditNotePattern?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            invoice: {
                                /** @description Null: the pattern cannot be used */
                                number: string | null;
                                /** @description Why it cannot */
                                problem: string | null;
                            };
                            creditNote: {
                                /** @description Null: the pattern cannot be used */
                                number: string | null;
                                /** @description Why it cannot */
                                problem: string | null;
                            };
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/payments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List payments, the newest first
         * @description Every attempt is a payment of its own.
         *
         *     Needs the scope `billing:read`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description How many rows at most; 50 when left out */
                    limit?: number;
                    cursor?: string;
                    invoiceId?: string;
                    /** @description Your own name for the customer */
                    customerId?: string;
                    status?: "pending" | "action_required" | "succeeded" | "failed" | "canceled";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: components["schemas"]["ListedPayment"][];
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/payments/{paymentId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a payment
         * @description Needs the scope `billing:read`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    paymentId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Payment"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/payments/{paymentId}/refund": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give a payment back, or a part of it
         * @description Answers with a payment of kind `refund`, before its outcome is known. The invoice stays paid.
         *
         *     Needs the scope `billing:write`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path: {
                    paymentId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /**
                         * @description In minor units
                         * @example 1500
                         */
                        amountMinor?: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Payment"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/payments/{paymentId}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give up a payment that waits for its customer
         * @description The provider has the last word: if the customer was faster the payment has succeeded.
         *
         *     Needs the scope `billing:write`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path: {
                    paymentId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Payment"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/payments/{paymentId}/end": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End a payment as failed of which its provider says nothing
         * @description Money may have been taken: look at the provider first. The invoice stays owed, and is not charged by the schedule any more. What the provider still has of the payment is given up there; if it turns out to have gone through, it pays its invoice, or is `surplus` and `payment.surplus` tells of it.
         *
         *     Needs the scope `billing:write`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path: {
                    paymentId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /**
                         * @description You know that the provider may have taken the money
                         * @enum {boolean}
                         */
                        moneyMayHaveMoved: true;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Payment"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/payments/{paymentId}/act": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stand in for the customer that a test payment waits for
         * @description The customer either confirms the payment or lets it be declined. A payment by another provider is refused: its customer does that at `actionUrl`.
         *
         *     Needs the scope `billing:write`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path: {
                    paymentId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @enum {string} */
                        outcome: "succeeded" | "declined";
                    };
                };
            };
            responses: {
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Payment"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/disputes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List payments that their customers dispute at their banks, the newest first
         * @description The invoice of a disputed payment stays paid. Evidence is given to the provider itself.
         *
         *     Needs the scope `billing:read`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description How many rows at most; 50 when left out */
                    limit?: number;
                    cursor?: string;
                    paymentId?: string;
                    status?: "open" | "won" | "lost" | "closed";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: components["schemas"]["Dispute"][];
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/invoices/{invoiceId}/collect": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Charge the customer's default payment method for an invoice now
         * @description Answers before the outcome is known, which `payment.succeeded` or `payment.failed` tells. The schedule of retries stays as it is.
         *
         *     Needs the scope `billing:write`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path: {
                    invoiceId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Payment"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/invoices/{invoiceId}/pay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Record that an invoice was paid
         * @description All that is due becomes a payment by hand.
         *
         *     Needs the scope `billing:write`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path: {
                    invoiceId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Invoice"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/invoices/{invoiceId}/fail": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Record that the payment of an invoice failed
         * @description It is not collected by itself any more.
         *
         *     Needs the scope `billing:write`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path: {
                    invoiceId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        reason: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Invoice"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/invoices/{invoiceId}/void": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Declare an invoice void; its period is not invoiced again
         * @description It is not collected by itself any more.
         *
         *     Needs the scope `billing:write`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path: {
                    invoiceId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        reason: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Invoice"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/customers/{customerId}/payment-methods": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the payment methods of a customer
         * @description Needs the scope `billing:read`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Your own name for the customer */
                    customerId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: components["schemas"]["PaymentMethod"][];
                        };
                    };
                };
            };
        };
        put?: never;
        /**
         * Attach a payment method to a customer
         * @description The test methods stand for cards that pass, are declined, are declined twice, need the customer, or give no answer in time. The first method of a customer is the default.
         *
         *     Needs the scope `billing:write`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path: {
                    /** @description Your own name for the customer */
                    customerId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /**
                         * @default test
                         * @enum {string}
                         */
                        provider?: "test";
                        /** @enum {string} */
                        token: "pm_test_ok" | "pm_test_declined" | "pm_test_declines_twice" | "pm_test_needs_action" | "pm_test_timeout";
                        /** @default false */
                        isDefault?: boolean;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PaymentMethod"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/payment-methods/{paymentMethodId}/default": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Have invoices be collected with a payment method
         * @description Needs the scope `billing:write`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path: {
                    paymentMethodId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PaymentMethod"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/payment-methods/{paymentMethodId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Detach a payment method
         * @description If it was the default the customer has none until another is chosen. Payments under way with it go on.
         *
         *     Needs the scope `billing:write`.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    paymentMethodId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            id: string;
                            /** @enum {boolean} */
                            isDetached: true;
                        };
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/collection-settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read how invoices are collected
         * @description Needs the scope `billing:read`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CollectionSettings"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change how invoices are collected
         * @description What is left out stays as it is.
         *
         *     Needs the scope `billing:write`.
         */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /**
                         * @description `automatic` charges invoices when they are finalized; `manual` waits for somebody
                         * @enum {string}
                         */
                        collection?: "automatic" | "manual";
                        /** @description Days from each failed attempt to the next. When they are used up the invoice has failed and its subscription is suspended */
                        retryAfterDays?: number[];
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CollectionSettings"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/api/v1/plans/{plan}/collection": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Set how the invoices of a plan are collected
         * @description Needs the scope `billing:write`.
         */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    plan: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description Null: as the level above has it */
                        collection: ("automatic" | "manual") | null;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description Null: as the level above has it */
                            collection: ("automatic" | "manual") | null;
                        };
                    };
                };
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/customers/{customerId}/collection": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Set how the invoices of a customer are collected
         * @description Goes before what the plan and the environment say.
         *
         *     Needs the scope `billing:write`.
         */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Your own name for the customer */
                    customerId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description Null: as the level above has it */
                        collection: ("automatic" | "manual") | null;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description Null: as the level above has it */
                            collection: ("automatic" | "manual") | null;
                        };
                    };
                };
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/customers/{customerId}/auto-top-up": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Have credits be bought when few are left
         * @description One for each meter, and one for the money of each currency; it takes the place of the one before. Each purchase is a one-off invoice, charged to the default payment method; the credits are granted when it is paid.
         *
         *     Needs the scope `billing:write`.
         */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Your own name for the customer */
                    customerId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description Id or key: `units` of it are bought */
                        meter?: string;
                        /**
                         * @description A non-negative decimal of at most 26 whole and 12 fractional digits: a string, or a number of at most 15 significant digits
                         * @example 0.01
                         */
                        units?: string | number;
                        /** @description Money that is bought */
                        amountMinor?: string;
                        /**
                         * @description ISO 4217
                         * @example USD
                         */
                        currency: string;
                        /**
                         * @description More is bought when less than this is free: units, or minor units of money
                         * @example 0.01
                         */
                        below: string | number;
                        /** @description Before taxes; of money as much as is bought unless given */
                        priceMinor?: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["AutoTopUp"];
                    };
                };
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/customers/{customerId}/auto-top-ups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List which credits of a customer are bought when few are left
         * @description Needs the scope `billing:read`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Your own name for the customer */
                    customerId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: components["schemas"]["AutoTopUp"][];
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auto-top-ups/{autoTopUpId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Have no more credits be bought
         * @description A purchase under way is granted once it is paid.
         *
         *     Needs the scope `billing:write`.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    autoTopUpId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            id: string;
                            /** @enum {boolean} */
                            isRemoved: true;
                        };
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhook-endpoints": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List webhook endpoints
         * @description Needs the scope `webhooks:read`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description How many rows at most; 50 when left out */
                    limit?: number;
                    cursor?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: components["schemas"]["WebhookEndpoint"][];
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        /**
         * Have facts sent to a URL
         * @description Needs the scope `webhooks:write`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /**
                         * @description https only, unless the operator of this server allows its own networks
                         * @example https://example.com/webhooks/usageflow
                         */
                        url: string;
                        /**
                         * @description Which facts are sent; empty or left out: all. `invoice.*` covers all of an invoice. There are: invoice.created, invoice.finalized, invoice.paid, invoice.failed, invoice.voided, invoice.overdue, credit_note.created, payment.succeeded, payment.failed, payment.action_required, payment.canceled, payment.surplus, payment.refunded, payment.refund_failed, dispute.opened, dispute.closed, subscription.activated, subscription.changed, subscription.trial_ended, subscription.paused, subscription.suspended, subscription.resumed, subscription.canceled, subscription.add_on_attached, subscription.add_on_detached, subscription.parked, subscription.unparked, credits.granted, credits.low, credits.exhausted, credits.top_up_failed, credits.expired, usage.threshold_reached, spend.threshold_reached, balance.threshold_reached, webhook.test, webhook_endpoint.disabled
                         * @example [
                         *       "invoice.*"
                         *     ]
                         */
                        eventTypes?: string[];
                        /** @default  */
                        description?: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @example we_01h455vb4pex5vsknk084sn02q */
                            id: string;
                            url: string;
                            description: string;
                            /** @description Empty: facts of all types */
                            eventTypes: string[];
                            /** @enum {string} */
                            status: "enabled" | "disabled";
                            /** @description `gone`: it answered 410; `failing`: it failed for five days */
                            disabledReason: ("manual" | "gone" | "failing") | null;
                            failingSince: string | null;
                            /**
                             * @description An instant, ISO 8601 in UTC
                             * @example 2026-03-01T00:00:00.000Z
                             */
                            createdAt: string;
                            /**
                             * @description Verifies the signatures of Standard Webhooks. Shown here and never again
                             * @example whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw
                             */
                            secret: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhook-endpoints/{endpointId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a webhook endpoint
         * @description Needs the scope `webhooks:read`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    endpointId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["WebhookEndpoint"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        /**
         * Delete a webhook endpoint
         * @description Nothing more is sent to it. The log of its deliveries stays.
         *
         *     Needs the scope `webhooks:write`.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    endpointId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            id: string;
                            /** @enum {boolean} */
                            isDeleted: true;
                        };
                    };
                };
            };
        };
        options?: never;
        head?: never;
        /**
         * Change, disable or enable a webhook endpoint
         * @description Disabling ends all pending deliveries; they can be replayed. Facts that happen meanwhile are not sent afterwards.
         *
         *     Needs the scope `webhooks:write`.
         */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    endpointId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /**
                         * @description https only, unless the operator of this server allows its own networks
                         * @example https://example.com/webhooks/usageflow
                         */
                        url?: string;
                        /**
                         * @description Which facts are sent; empty or left out: all. `invoice.*` covers all of an invoice. There are: invoice.created, invoice.finalized, invoice.paid, invoice.failed, invoice.voided, invoice.overdue, credit_note.created, payment.succeeded, payment.failed, payment.action_required, payment.canceled, payment.surplus, payment.refunded, payment.refund_failed, dispute.opened, dispute.closed, subscription.activated, subscription.changed, subscription.trial_ended, subscription.paused, subscription.suspended, subscription.resumed, subscription.canceled, subscription.add_on_attached, subscription.add_on_detached, subscription.parked, subscription.unparked, credits.granted, credits.low, credits.exhausted, credits.top_up_failed, credits.expired, usage.threshold_reached, spend.threshold_reached, balance.threshold_reached, webhook.test, webhook_endpoint.disabled
                         * @example [
                         *       "invoice.*"
                         *     ]
                         */
                        eventTypes?: string[];
                        description?: string;
                        /** @enum {string} */
                        status?: "enabled" | "disabled";
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["WebhookEndpoint"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/api/v1/webhook-endpoints/{endpointId}/rotate-secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give a webhook endpoint a new secret
         * @description For a while every delivery is signed with the old and the new one, so that no delivery fails while the receiver changes over.
         *
         *     Needs the scope `webhooks:write`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path: {
                    endpointId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /**
                         * @description 0 ends all earlier secrets at once, for one that has leaked
                         * @default 24
                         */
                        oldValidHours?: number;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            id: string;
                            /**
                             * @description Verifies the signatures of Standard Webhooks. Shown here and never again
                             * @example whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw
                             */
                            secret: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhook-endpoints/{endpointId}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a test fact to a webhook endpoint
         * @description Goes to this endpoint alone. Read the delivery to see what became of it.
         *
         *     Needs the scope `webhooks:write`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path: {
                    endpointId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            deliveryId: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhook-deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List deliveries, latest first
         * @description All of them, or those to one endpoint, of one fact, in one state.
         *
         *     Needs the scope `webhooks:read`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description How many rows at most; 50 when left out */
                    limit?: number;
                    cursor?: string;
                    endpointId?: string;
                    factId?: string;
                    state?: "pending" | "delivered" | "failed";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: components["schemas"]["WebhookDelivery"][];
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhook-deliveries/{deliveryId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a delivery with all its attempts
         * @description Needs the scope `webhooks:read`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    deliveryId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @example whd_01h455vb4pex5vsknk084sn02q */
                            id: string;
                            endpointId: string;
                            /** @description Sent as `webhook-id` */
                            factId: string;
                            type: string;
                            /** @enum {string} */
                            state: "pending" | "delivered" | "failed";
                            /** @description Since it was made or last replayed */
                            attempts: number;
                            nextAttemptAt: string | null;
                            /**
                             * @description An instant, ISO 8601 in UTC
                             * @example 2026-03-01T00:00:00.000Z
                             */
                            createdAt: string;
                            endedAt: string | null;
                            log: components["schemas"]["WebhookAttempt"][];
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhook-deliveries/{deliveryId}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a delivery again
         * @description Begins a new series of attempts with the same `webhook-id`, whatever became of the last one.
         *
         *     Needs the scope `webhooks:write`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path: {
                    deliveryId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["WebhookDelivery"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/facts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what has happened, latest first
         * @description Every fact, whether a webhook endpoint was told it or not. With `customerId` what has happened to one customer, and of that with `subscriptionId` or `invoiceId` what has to one of those.
         *
         *     Needs the scope `webhooks:read`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description How many rows at most; 50 when left out */
                    limit?: number;
                    cursor?: string;
                    type?: string;
                    /** @description Your own name for the customer */
                    customerId?: string;
                    subscriptionId?: string;
                    invoiceId?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: components["schemas"]["Fact"][];
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/facts/{factId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a fact
         * @description Needs the scope `webhooks:read`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    factId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Fact"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alerts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List alerts
         * @description Needs the scope `billing:read`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description How many rows at most; 50 when left out */
                    limit?: number;
                    cursor?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: components["schemas"]["Alert"][];
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        /**
         * Be told when thresholds are reached
         * @description Each threshold is told once for a customer and window, as the fact `usage.threshold_reached`, `spend.threshold_reached` or `balance.threshold_reached`; of a balance again after it was above.
         *
         *     Needs the scope `billing:write`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @default  */
                        name?: string;
                        /** @enum {string} */
                        kind: "usage" | "spend" | "balance";
                        /** @default null */
                        customerId?: string | null;
                        /**
                         * @description Id or key
                         * @default null
                         */
                        plan?: string | null;
                        /**
                         * @description Of usage, and of a balance of units: id or key
                         * @default null
                         */
                        meter?: string | null;
                        /**
                         * @description Of usage: a billing period, or a day or month of UTC
                         * @default null
                         */
                        window?: ("period" | "day" | "month") | null;
                        /**
                         * @description Of spending, and of a balance of money
                         * @default null
                         * @example USD
                         */
                        currency?: string | null;
                        /**
                         * @description Units, or money in the major unit; `80%` of the included units where the window is `period`
                         * @example [
                         *       "80%",
                         *       "100%"
                         *     ]
                         */
                        thresholds: string[];
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Alert"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alerts/{alertId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read an alert
         * @description Needs the scope `billing:read`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    alertId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Alert"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        /**
         * Remove an alert, and what was told by it
         * @description Needs the scope `billing:write`.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    alertId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Alert"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        /**
         * Give an alert another name or other thresholds
         * @description What was told is not told again.
         *
         *     Needs the scope `billing:write`.
         */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    alertId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        name?: string;
                        /**
                         * @description Units, or money in the major unit; `80%` of the included units where the window is `period`
                         * @example [
                         *       "80%",
                         *       "100%"
                         *     ]
                         */
                        thresholds?: string[];
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Alert"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/api/v1/alert-states": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the thresholds that were reached, the latest first
         * @description Needs the scope `billing:read`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description How many rows at most; 50 when left out */
                    limit?: number;
                    cursor?: string;
                    /** @description Your own name for the customer */
                    customerId?: string;
                    alertId?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: components["schemas"]["AlertState"][];
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/control/strategies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List strategies
         * @description Needs the scope `control:read`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description How many rows at most; 50 when left out */
                    limit?: number;
                    cursor?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: components["schemas"]["Strategy"][];
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        /**
         * Say where in a request the name of a customer stands
         * @description Policies name it. Who is found by none of its sources is told apart by network.
         *
         *     Needs the scope `control:write`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @example by-user */
                        key: string;
                        name: string;
                        /** @description In the order in which they are asked: the first that has something decides */
                        sources: {
                            /** @enum {string} */
                            from: "header" | "query" | "body" | "path" | "cookie" | "claim";
                            /**
                             * @description Of the header, parameter, cookie or field; `user.id` is a field of a field
                             * @example x-user-id
                             */
                            name: string;
                        }[];
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Strategy"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/control/strategies/{strategy}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a strategy
         * @description Needs the scope `control:read`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Id or key */
                    strategy: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Strategy"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change a strategy
         * @description Holds for every policy that names it. What is left out stays.
         *
         *     Needs the scope `control:write`.
         */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Id or key */
                    strategy: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        name?: string;
                        /** @description In the order in which they are asked: the first that has something decides */
                        sources?: {
                            /** @enum {string} */
                            from: "header" | "query" | "body" | "path" | "cookie" | "claim";
                            /**
                             * @description Of the header, parameter, cookie or field; `user.id` is a field of a field
                             * @example x-user-id
                             */
                            name: string;
                        }[];
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Strategy"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/api/v1/control/strategies/{strategy}/archive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Archive a strategy
         * @description No policy can be given it anymore; those that have it keep it.
         *
         *     Needs the scope `control:write`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path: {
                    /** @description Id or key */
                    strategy: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Strategy"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/control/policies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List policies
         * @description Needs the scope `control:read`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description How many rows at most; 50 when left out */
                    limit?: number;
                    cursor?: string;
                    /** @description A service of yours, by the name that it gives itself */
                    application?: string;
                    mode?: "enforce" | "shadow" | "off";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: components["schemas"]["Policy"][];
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        /**
         * Say what holds for the requests that a pattern covers
         * @description The packages in your applications know within two seconds.
         *
         *     Needs the scope `control:write`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @example free-tier */
                        key: string;
                        name: string;
                        /**
                         * @description Null: every application
                         * @default null
                         */
                        application?: string | null;
                        /**
                         * @description `*` for any
                         * @default *
                         * @example GET
                         */
                        method?: string;
                        /**
                         * @description `*`, `/api/*` for all below, `/users/:id` where `:id` is one segment
                         * @example /api/*
                         */
                        url: string;
                        /**
                         * @description The higher comes first; among equals the more specific pattern
                         * @default 0
                         */
                        priority?: number;
                        /**
                         * @description Id or key; null: callers are told apart by network
                         * @default null
                         */
                        strategy?: string | null;
                        /**
                         * @description `shadow` decides and lets everything through
                         * @default enforce
                         * @enum {string}
                         */
                        mode?: "enforce" | "shadow" | "off";
                        /**
                         * @description What becomes of a request when nothing was decided in time
                         * @default allow
                         * @enum {string}
                         */
                        withoutAnswer?: "allow" | "refuse";
                        /**
                         * @description How long a request waits for a decision at most
                         * @default 50
                         */
                        deadlineMs?: number;
                        /** @default [] */
                        limits?: {
                            /**
                             * @description Clients are told it in `RateLimit-Policy`
                             * @example hourly
                             */
                            name: string;
                            /**
                             * @description `balance`: what the customer may still use of a `meter`
                             * @default fixed_window
                             * @enum {string}
                             */
                            algorithm?: "fixed_window" | "token_bucket" | "sliding_window" | "balance";
                            /**
                             * @description Requests in a window; a balance has none
                             * @example 100
                             */
                            limit?: number;
                            /**
                             * @description `30s`, `15m`, `1h`, `1d`; or give a `period`
                             * @example 1h
                             */
                            window?: string;
                            /**
                             * @description A quota: of the calendar in UTC, in the place of a `window`
                             * @enum {string}
                             */
                            period?: "day" | "month";
                            /** @description Of a balance: id or key */
                            meter?: string;
                            /** @description Of a balance: what a request is held to take; 1 when left out */
                            unitsPerRequest?: number;
                            /** @description Of a balance: a subscription that bills the meter pays for what credits do not cover; true when left out */
                            planPays?: boolean;
                            /**
                             * @description Each customer (or network) for itself, or all together
                             * @default identity
                             * @enum {string}
                             */
                            per?: "identity" | "all";
                        }[];
                        /** @default [] */
                        metering?: {
                            /**
                             * @description The name of the events, as meters read it
                             * @example AI_TOKEN
                             */
                            event: string;
                            /**
                             * @description An expression: how much usage a request is
                             * @default usage_record.quantity
                             * @example response.body.usage.total_tokens * 2
                             */
                            quantity?: string;
                            /**
                             * @description Answers of which status are usage
                             * @default [
                             *       "2xx",
                             *       "3xx"
                             *     ]
                             */
                            when?: ("2xx" | "3xx" | "4xx" | "5xx")[];
                        }[];
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Policy"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/control/policies/{policy}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a policy
         * @description Needs the scope `control:read`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Id or key */
                    policy: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Policy"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change a policy
         * @description What is left out stays; `limits` are replaced together, and so is `metering`, where a rule that is there already keeps its id.
         *
         *     Needs the scope `control:write`.
         */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Id or key */
                    policy: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        name?: string;
                        /** @description Null: every application */
                        application?: string | null;
                        /**
                         * @description `*` for any
                         * @example GET
                         */
                        method?: string;
                        /**
                         * @description `*`, `/api/*` for all below, `/users/:id` where `:id` is one segment
                         * @example /api/*
                         */
                        url?: string;
                        /** @description The higher comes first; among equals the more specific pattern */
                        priority?: number;
                        /** @description Id or key; null: callers are told apart by network */
                        strategy?: string | null;
                        /**
                         * @description `shadow` decides and lets everything through
                         * @enum {string}
                         */
                        mode?: "enforce" | "shadow" | "off";
                        /**
                         * @description What becomes of a request when nothing was decided in time
                         * @enum {string}
                         */
                        withoutAnswer?: "allow" | "refuse";
                        /** @description How long a request waits for a decision at most */
                        deadlineMs?: number;
                        limits?: {
                            /**
                             * @description Clients are told it in `RateLimit-Policy`
                             * @example hourly
                             */
                            name: string;
                            /**
                             * @description `balance`: what the customer may still use of a `meter`
                             * @default fixed_window
                             * @enum {string}
                             */
                            algorithm?: "fixed_window" | "token_bucket" | "sliding_window" | "balance";
                            /**
                             * @description Requests in a window; a balance has none
                             * @example 100
                             */
                            limit?: number;
                            /**
                             * @description `30s`, `15m`, `1h`, `1d`; or give a `period`
                             * @example 1h
                             */
                            window?: string;
                            /**
                             * @description A quota: of the calendar in UTC, in the place of a `window`
                             * @enum {string}
                             */
                            period?: "day" | "month";
                            /** @description Of a balance: id or key */
                            meter?: string;
                            /** @description Of a balance: what a request is held to take; 1 when left out */
                            unitsPerRequest?: number;
                            /** @description Of a balance: a subscription that bills the meter pays for what credits do not cover; true when left out */
                            planPays?: boolean;
                            /**
                             * @description Each customer (or network) for itself, or all together
                             * @default identity
                             * @enum {string}
                             */
                            per?: "identity" | "all";
                        }[];
                        metering?: {
                            /**
                             * @description The name of the events, as meters read it
                             * @example AI_TOKEN
                             */
                            event: string;
                            /**
                             * @description An expression: how much usage a request is
                             * @default usage_record.quantity
                             * @example response.body.usage.total_tokens * 2
                             */
                            quantity?: string;
                            /**
                             * @description Answers of which status are usage
                             * @default [
                             *       "2xx",
                             *       "3xx"
                             *     ]
                             */
                            when?: ("2xx" | "3xx" | "4xx" | "5xx")[];
                        }[];
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Policy"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/api/v1/control/policies/{policy}/archive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Archive a policy
         * @description It holds for nothing anymore. Its key stays taken.
         *
         *     Needs the scope `control:write`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path: {
                    /** @description Id or key */
                    policy: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Policy"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/control/blocks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List blocks, those among them that are over
         * @description Needs the scope `control:read`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description How many rows at most; 50 when left out */
                    limit?: number;
                    cursor?: string;
                    kind?: "customer" | "network";
                    /** @description Your own name for the customer, or an address or network */
                    id?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: components["schemas"]["Block"][];
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        /**
         * Let a customer or a network through nowhere
         * @description Who is blocked already stays so by the same block (200), with the reason and end that are sent now. An address of IPv6 stands for its /64.
         *
         *     Needs the scope `control:write`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @enum {string} */
                        kind: "customer" | "network";
                        /**
                         * @description Your own name for the customer, or an address or network
                         * @example user_123
                         */
                        id: string;
                        /** @default  */
                        reason?: string;
                        /** @description In real time, also in a test environment; null: for good */
                        until?: string | null;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Block"];
                    };
                };
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Block"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/control/blocks/{blockId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Let through again whom a block held
         * @description Needs the scope `control:write`.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    blockId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Block"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/control/applications": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List applications
         * @description One is made when a package in it first asks what holds for it.
         *
         *     Needs the scope `control:read`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description How many rows at most; 50 when left out */
                    limit?: number;
                    cursor?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: components["schemas"]["Application"][];
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/control/applications/{applicationName}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read an application
         * @description Needs the scope `control:read`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description A service of yours, by the name that it gives itself */
                    applicationName: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Application"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/control/applications/{applicationName}/processes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read which processes of an application report
         * @description Of the last 7 days, those that reported last first, 100 at most.
         *
         *     Needs the scope `control:read`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description A service of yours, by the name that it gives itself */
                    applicationName: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ApplicationProcesses"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/control/config": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What holds for an application
         * @description For the packages in your applications. Policies of the application and of all, the strategies they name, and blocks. With the `ETag` of the last answer as `If-None-Match` it answers 304, or as soon as something else holds, at most `wait` seconds later. The application exists from then on.
         *
         *     Needs the scope `control:report`.
         */
        get: {
            parameters: {
                query: {
                    /** @description A service of yours, by the name that it gives itself */
                    application: string;
                    /** @description Seconds to wait until something else holds than what `If-None-Match` names; 0 when left out */
                    wait?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ControlConfig"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/control/leases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Borrow slices of limits and balances, and give back what is left of them
         * @description Settles first, then answers `ask` in its order: with a lease, or for a sliding window, which cannot be lent, with a decision. A limit that is not known is told in its place. What was sent before does nothing again, so send the same until it is answered.
         *
         *     Needs the scope `control:report`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /**
                         * @description A service of yours, by the name that it gives itself
                         * @example shop-api
                         */
                        application: string;
                        /** @description A random name of this process */
                        holder: string;
                        settle?: {
                            /** @description Of the lease; the same when the call is sent again */
                            id: string;
                            /** @description Of a policy, or as it stands in the code of the application */
                            limit: {
                                policyId: string;
                                name: string;
                            } | {
                                /** @example /api/users/:id */
                                pattern: string;
                                /** @example 1000 */
                                limit: number;
                                /** @example 1h */
                                window: string;
                                /**
                                 * @default fixed_window
                                 * @enum {string}
                                 */
                                algorithm?: "fixed_window" | "token_bucket" | "sliding_window";
                            };
                            /** @description Null: all together */
                            identity: {
                                /** @enum {string} */
                                kind: "customer" | "network";
                                id: string;
                            } | null;
                            /** @description Units of the lease that are used */
                            used: number;
                        }[];
                        ask?: {
                            /** @description Of the lease; the same when the call is sent again */
                            id: string;
                            /** @description Of a policy, or as it stands in the code of the application */
                            limit: {
                                policyId: string;
                                name: string;
                            } | {
                                /** @example /api/users/:id */
                                pattern: string;
                                /** @example 1000 */
                                limit: number;
                                /** @example 1h */
                                window: string;
                                /**
                                 * @default fixed_window
                                 * @enum {string}
                                 */
                                algorithm?: "fixed_window" | "token_bucket" | "sliding_window";
                            };
                            /** @description Null: all together */
                            identity: {
                                /** @enum {string} */
                                kind: "customer" | "network";
                                id: string;
                            } | null;
                            /** @description Units that a waiting request takes: fewer are not lent */
                            needed: number;
                        }[];
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Leases"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/control/reports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Tell what requests an application has had
         * @description For the packages in your applications. A report is told apart by `producer` and `sequence`: the same again answers `duplicate` and counts nothing, so send it until it is answered. Rows of more than a day ago, or five minutes ahead, count for nothing.
         *
         *     Needs the scope `control:report`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /**
                         * @description A service of yours, by the name that it gives itself
                         * @example shop-api
                         */
                        application: string;
                        /** @description A random name of this process */
                        producer: string;
                        /** @description 1 for the first report, and one more each time */
                        sequence: number;
                        /** @example express/0.1.0 node/20.19.1 */
                        agent: string;
                        /** @description What the framework has */
                        routes?: {
                            /** @description Cut at 32 characters */
                            method: string;
                            /** @description As the framework writes it; null where it has none */
                            route: string | null;
                        }[];
                        statistics?: {
                            /**
                             * Format: date-time
                             * @description An instant, ISO 8601 with zone
                             * @example 2026-03-01T00:00:00Z
                             */
                            minute: string;
                            /** @description Cut at 32 characters */
                            method: string;
                            /** @description As the framework writes it; null where it has none */
                            route: string | null;
                            /** @description Null: nobody known */
                            customerId: string | null;
                            requests: number;
                            /**
                             * @description Those that a rule covers, and that had no customer
                             * @default 0
                             */
                            unmetered?: number;
                            /**
                             * @example {
                             *       "200": 3
                             *     }
                             */
                            statuses: {
                                [key: string]: number;
                            };
                            /**
                             * @description Counts by bucket of whole microseconds
                             * @example {
                             *       "368": 3
                             *     }
                             */
                            latency: {
                                [key: string]: number;
                            };
                            /** @default 0 */
                            requestBytes?: number;
                            /** @default 0 */
                            responseBytes?: number;
                        }[];
                        decisions?: {
                            /**
                             * Format: date-time
                             * @description An instant, ISO 8601 with zone
                             * @example 2026-03-01T00:00:00Z
                             */
                            minute: string;
                            /** @default null */
                            policyId?: string | null;
                            /**
                             * @description Of a limit in the code of the application
                             * @default null
                             */
                            pattern?: string | null;
                            /** @description By name; `block` of a block */
                            limit: string;
                            /** @enum {string} */
                            mode: "enforce" | "shadow";
                            /** @description Null: all together */
                            identity: {
                                /** @enum {string} */
                                kind: "customer" | "network";
                                /** @description Cut at 255 characters */
                                id: string;
                            } | null;
                            /** @default 0 */
                            refused?: number;
                            /** @default 0 */
                            allowedWithoutAnswer?: number;
                            /** @default 0 */
                            refusedWithoutAnswer?: number;
                        }[];
                        samples?: {
                            /**
                             * Format: date-time
                             * @description An instant, ISO 8601 with zone
                             * @example 2026-03-01T00:00:00Z
                             */
                            at: string;
                            /** @description Cut at 32 characters */
                            method: string;
                            /** @description As the framework writes it; null where it has none */
                            route: string | null;
                            status: number;
                            durationMs: number;
                            /** @default null */
                            requestBytes?: number | null;
                            /** @default null */
                            responseBytes?: number | null;
                            customerId?: string | null;
                            clientAddress?: string | null;
                            userAgent?: string | null;
                            queryNames?: string[];
                        }[];
                        /**
                         * @description What became of usage since this process began
                         * @default null
                         */
                        usage?: {
                            produced: number;
                            delivered: number;
                            queued: number;
                            refused: number;
                            dropped: number;
                        } | null;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ReportAnswer"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/control/endpoints": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List endpoints of applications with their traffic
         * @description By application, route and method. Figures are of whole hours, 7 days at most.
         *
         *     Needs the scope `control:read`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description How many rows at most; 50 when left out */
                    limit?: number;
                    cursor?: string;
                    /** @description 24 hours before `to` when left out */
                    from?: string;
                    /** @description Now, when left out */
                    to?: string;
                    /** @description A service of yours, by the name that it gives itself */
                    application?: string;
                    /** @description Stands in the method and route */
                    q?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /**
                             * @description When the first hour or minute that is in it began
                             * @example 2026-03-01T00:00:00.000Z
                             */
                            from: string;
                            /**
                             * @description When the last one ends
                             * @example 2026-03-01T00:00:00.000Z
                             */
                            to: string;
                            data: components["schemas"]["Endpoint"][];
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/control/endpoints/{endpoint}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read an endpoint, with the policies that cover it
         * @description Needs the scope `control:read`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Id of the endpoint */
                    endpoint: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["EndpointWithPolicies"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/control/endpoints/{endpoint}/statistics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the traffic of an endpoint over time
         * @description By minute for the last 2 days, by hour for the last 90. Minutes and hours without requests are left out.
         *
         *     Needs the scope `control:read`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description 24 hours before `to` when left out */
                    from?: string;
                    /** @description Now, when left out */
                    to?: string;
                    by?: "minute" | "hour";
                };
                header?: never;
                path: {
                    /** @description Id of the endpoint */
                    endpoint: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["EndpointStatistics"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/control/endpoints/{endpoint}/customers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read whose requests an endpoint had
         * @description Those with the most requests first. Figures are of whole hours, 31 days at most.
         *
         *     Needs the scope `control:read`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description 24 hours before `to` when left out */
                    from?: string;
                    /** @description Now, when left out */
                    to?: string;
                    /** @description How many rows at most; 50 when left out */
                    limit?: number;
                };
                header?: never;
                path: {
                    /** @description Id of the endpoint */
                    endpoint: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["EndpointCustomers"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/control/samples": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List samples of requests
         * @description The latest first, of the last 7 days: a few of each minute. No bodies, no headers, no values of parameters.
         *
         *     Needs the scope `control:read`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description How many rows at most; 50 when left out */
                    limit?: number;
                    cursor?: string;
                    /** @description A service of yours, by the name that it gives itself */
                    application?: string;
                    /** @description Id of the endpoint */
                    endpoint?: string;
                    /** @description Your own name for the customer */
                    customerId?: string;
                    status?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: components["schemas"]["RequestSample"][];
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/control/policies/{policy}/decisions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read what the limits of a policy did
         * @description Also of one that only shadows: whom it would have refused. Figures are of whole hours, for 90 days.
         *
         *     Needs the scope `control:read`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description 24 hours before `to` when left out */
                    from?: string;
                    /** @description Now, when left out */
                    to?: string;
                };
                header?: never;
                path: {
                    /** @description Id or key */
                    policy: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PolicyDecisions"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/control/decisions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read what the limits of all policies did
         * @description By the key of the policy, as they are listed. Figures are of whole hours, 7 days at most.
         *
         *     Needs the scope `control:read`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description How many rows at most; 50 when left out */
                    limit?: number;
                    cursor?: string;
                    /** @description 24 hours before `to` when left out */
                    from?: string;
                    /** @description Now, when left out */
                    to?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /**
                             * @description When the first hour or minute that is in it began
                             * @example 2026-03-01T00:00:00.000Z
                             */
                            from: string;
                            /**
                             * @description When the last one ends
                             * @example 2026-03-01T00:00:00.000Z
                             */
                            to: string;
                            data: components["schemas"]["PolicySums"][];
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/control/decisions/other": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read what limits in the code of applications did, and blocks
         * @description What limits of policies did stands with each policy. Figures are of whole hours, for 90 days.
         *
         *     Needs the scope `control:read`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description 24 hours before `to` when left out */
                    from?: string;
                    /** @description Now, when left out */
                    to?: string;
                    /** @description Its name; all without one */
                    application?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OtherDecisions"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/control/warnings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read what is the matter with applications
         * @description In the last 24 hours, the latest first: requests that were to be metered and had no customer, endpoints that had traffic and have none, more endpoints than are told apart, reports that never came, rows that count for nothing, usage that was lost in a process.
         *
         *     Needs the scope `control:read`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ControlWarnings"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/control/usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Record what was measured by metering rules
         * @description For the packages in your applications. Each item becomes an event by its rule, under its own idempotency key, and is answered in its place as at `POST /api/v1/events`; one that is refused does no harm to the others. Sent again it says the same, also if the rule has ended meanwhile. In a test environment whose clock was moved usage is dated when it arrives.
         *
         *     Needs the scope `control:report`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /**
                         * @description A service of yours, by the name that it gives itself
                         * @example shop-api
                         */
                        application: string;
                        usage: components["schemas"]["MeasuredUsageInput"][];
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Results"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/overview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read how the environment is doing
         * @description Revenue, what is owed, subscriptions, webhooks and how far usage is counted: the figures that somebody looks at first.
         *
         *     Needs the scope `billing:read`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Overview"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/clock": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What time it is in the environment
         * @description Needs the scope `usage:read`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /**
                             * @description An instant, ISO 8601 in UTC
                             * @example 2026-03-01T00:00:00.000Z
                             */
                            now: string;
                            isMoving: boolean;
                            target: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        /**
         * Move the clock of a test environment forward
         * @description Everything that falls due on the way happens in order, at the time when it would have happened: periods close, invoices are made, webhooks go out. Answers 200 when the clock has arrived, or 202 after a minute, while it goes on.
         *
         *     Needs the scope `clock:write`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /**
                         * Format: date-time
                         * @description An instant, ISO 8601 with zone
                         * @example 2026-03-01T00:00:00Z
                         */
                        now: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /**
                             * @description An instant, ISO 8601 in UTC
                             * @example 2026-03-01T00:00:00.000Z
                             */
                            now: string;
                            isMoving: boolean;
                            target: string | null;
                        };
                    };
                };
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /**
                             * @description An instant, ISO 8601 in UTC
                             * @example 2026-03-01T00:00:00.000Z
                             */
                            now: string;
                            isMoving: boolean;
                            target: string | null;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/customers/{customerId}/portal-links": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the links to the portal that a customer could open now, the newest first
         * @description At most 100, without their addresses: those are shown once.
         *
         *     Needs the scope `billing:read`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Your own name for the customer */
                    customerId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: components["schemas"]["PortalLink"][];
                        };
                    };
                };
            };
        };
        put?: never;
        /**
         * Make a link with which a customer sees its usage, bills and credits
         * @description Give `url` to the customer and nobody else: whoever has it is let in until it expires. It is shown once. What stands behind its `#` is sent to no server by a browser that only follows it.
         *
         *     Needs the scope `billing:write`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path: {
                    /** @description Your own name for the customer */
                    customerId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @default 86400 */
                        expiresInSeconds?: number;
                        /** @default null */
                        returnUrl?: string | null;
                        /**
                         * @description False: not even to the plans that the settings of the portal let customers choose
                         * @default true
                         */
                        allowPlanChange?: boolean;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            id: string;
                            url: string;
                            /**
                             * @description An instant, ISO 8601 in UTC
                             * @example 2026-03-01T00:00:00.000Z
                             */
                            expiresAt: string;
                        };
                    };
                };
            };
        };
        /**
         * End all links of a customer to the portal
         * @description Whoever has one open sees nothing more from their next click on.
         *
         *     Needs the scope `billing:write`.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Your own name for the customer */
                    customerId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            ended: number;
                        };
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/settings/portal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read what the portal is like
         * @description Needs the scope `billing:read`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PortalSettings"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change what the portal is like
         * @description What is not sent stays. Name and logo are those of the invoices. A customer changes by itself only between plans that are named here.
         *
         *     Needs the scope `billing:write`.
         */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        accentColor?: string | null;
                        /** @description Ids or keys, in the order in which they are shown; [] for none */
                        plans?: string[];
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PortalSettings"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/api/portal/v1/open": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Open a link to the portal
         * @description Takes what stands behind the `#` of the link, and sets a cookie that is sent to the routes of the portal alone. Those want `link` in the header `UsageFlow-Portal` besides. A link may be opened as often as one likes until it expires.
         *
         *     Answers everybody.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        token: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            link: string;
                            /**
                             * @description An instant, ISO 8601 in UTC
                             * @example 2026-03-01T00:00:00.000Z
                             */
                            expiresAt: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/portal/v1/summary": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read whose portal this is
         * @description For whoever has opened a link to the portal: sees one customer, and nothing else opens it.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PortalSummary"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/portal/v1/logo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the organization's logo
         * @description For whoever has opened a link to the portal: sees one customer, and nothing else opens it.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description An address of the kind `data:` */
                            image: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/portal/v1/usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read what was used in the periods under way, day by day
         * @description By the meters of the plan, and by the events of the customer itself. Of periods above 100 days the series goes by months.
         *
         *     For whoever has opened a link to the portal: sees one customer, and nothing else opens it.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description Everything before it is counted */
                            asOf: string | null;
                            data: {
                                plan: string;
                                /**
                                 * @description An instant, ISO 8601 in UTC
                                 * @example 2026-03-01T00:00:00.000Z
                                 */
                                periodStart: string;
                                /**
                                 * @description An instant, ISO 8601 in UTC
                                 * @example 2026-03-01T00:00:00.000Z
                                 */
                                periodEnd: string;
                                /** @enum {string} */
                                window: "day" | "month";
                                meters: {
                                    name: string;
                                    unit: string;
                                    /** @description Of the period so far */
                                    quantity: string | null;
                                    /** @description Units that cost nothing; null: none */
                                    included: string | null;
                                    series: {
                                        /**
                                         * @description An instant, ISO 8601 in UTC
                                         * @example 2026-03-01T00:00:00.000Z
                                         */
                                        from: string;
                                        quantity: string | null;
                                    }[];
                                }[];
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/portal/v1/bill": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read what the periods under way come to so far
         * @description By the function that computes the invoice, if nothing more is used.
         *
         *     For whoever has opened a link to the portal: sees one customer, and nothing else opens it.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: {
                                plan: string;
                                bill: components["schemas"]["PortalDocument"];
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/portal/v1/invoices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the invoices of the customer, the newest first
         * @description For whoever has opened a link to the portal: sees one customer, and nothing else opens it.
         */
        get: {
            parameters: {
                query?: {
                    /** @description How many rows at most; 50 when left out */
                    limit?: number;
                    cursor?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: {
                                id: string;
                                number: string | null;
                                /** @enum {string} */
                                status: "finalized" | "paid" | "failed" | "void";
                                currency: string;
                                totalMinor: string;
                                amountDueMinor: string;
                                issuedAt: string | null;
                                dueAt: string | null;
                                isOverdue: boolean;
                                /** @description Whether it can be paid here: it is owed, and nobody else bills it */
                                isPayable: boolean;
                                /** @description The newest attempt to collect it, unless it is paid or that was given up; `actionUrl` is where the customer confirms it */
                                payment: {
                                    /** @enum {string} */
                                    status: "pending" | "action_required" | "failed";
                                    actionUrl: string | null;
                                } | null;
                            }[];
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/portal/v1/invoices/{invoiceId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read an invoice of the customer
         * @description For whoever has opened a link to the portal: sees one customer, and nothing else opens it.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    invoiceId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            status: "finalized" | "paid" | "failed" | "void";
                            invoice: components["schemas"]["PortalDocument"];
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/portal/v1/invoices/{invoiceId}/pdf": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read an invoice of the customer as a PDF
         * @description For whoever has opened a link to the portal: sees one customer, and nothing else opens it.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    invoiceId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description application/pdf */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": string;
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/portal/v1/credit-balance": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read what credits the customer has now
         * @description For whoever has opened a link to the portal: sees one customer, and nothing else opens it.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: {
                                /** @enum {string} */
                                kind: "units" | "money";
                                /** @description Name of what the units are of */
                                meter: string | null;
                                unit: string | null;
                                currency: string | null;
                                /** @description `units`, or `amountMinor` of money */
                                left: {
                                    units?: string;
                                    amountMinor?: string;
                                };
                                /** @description `units`, or `amountMinor` of money */
                                available: {
                                    units?: string;
                                    amountMinor?: string;
                                };
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/portal/v1/credits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what the customer was granted, the newest first
         * @description For whoever has opened a link to the portal: sees one customer, and nothing else opens it.
         */
        get: {
            parameters: {
                query?: {
                    /** @description How many rows at most; 50 when left out */
                    limit?: number;
                    cursor?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: {
                                id: string;
                                name: string;
                                /** @enum {string} */
                                kind: "units" | "money";
                                /** @description Name of what the units are of */
                                meter: string | null;
                                unit: string | null;
                                currency: string | null;
                                /** @description `units`, or `amountMinor` of money */
                                granted: {
                                    units?: string;
                                    amountMinor?: string;
                                };
                                /** @description `units`, or `amountMinor` of money */
                                left: {
                                    units?: string;
                                    amountMinor?: string;
                                };
                                /**
                                 * @description An instant, ISO 8601 in UTC
                                 * @example 2026-03-01T00:00:00.000Z
                                 */
                                grantedAt: string;
                                validTo: string | null;
                                isVoid: boolean;
                            }[];
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/portal/v1/credits/{creditId}/entries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read what became of a grant, the first entry first
         * @description At most 200 entries.
         *
         *     For whoever has opened a link to the portal: sees one customer, and nothing else opens it.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    creditId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: {
                                /**
                                 * @description An instant, ISO 8601 in UTC
                                 * @example 2026-03-01T00:00:00.000Z
                                 */
                                at: string;
                                /** @enum {string} */
                                kind: "grant" | "use" | "give_back" | "expiry" | "void" | "rollover" | "hold_commit";
                                /** @description `units`, or `amountMinor` of money */
                                amount: {
                                    units?: string;
                                    amountMinor?: string;
                                };
                                /** @description `units`, or `amountMinor` of money */
                                left: {
                                    units?: string;
                                    amountMinor?: string;
                                };
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/portal/v1/subscriptions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what the customer has subscribed to, and what it may change it to
         * @description For whoever has opened a link to the portal: sees one customer, and nothing else opens it.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: components["schemas"]["PortalSubscription"][];
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/portal/v1/subscriptions/{subscriptionId}/change/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Show what another plan would mean
         * @description Both sides are the whole period under way with the usage so far. A change within the period bills each part by its own plan.
         *
         *     For whoever has opened a link to the portal: sees one customer, and nothing else opens it.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path: {
                    subscriptionId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description Key of one of the choices */
                        plan: string;
                        /** @description As in the choice: what was shown is what is changed to */
                        version: number;
                        /** @enum {string} */
                        when: "now" | "period_end";
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /**
                             * @description An instant, ISO 8601 in UTC
                             * @example 2026-03-01T00:00:00.000Z
                             */
                            at: string;
                            /** @description Null: the period is not billed */
                            before: components["schemas"]["PortalDocument"] | null;
                            after: components["schemas"]["PortalDocument"] | null;
                            differenceMinor: string | null;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/portal/v1/subscriptions/{subscriptionId}/change": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Change to another plan
         * @description The log of changes names the customer. Sent again with its key, it is done once.
         *
         *     For whoever has opened a link to the portal: sees one customer, and nothing else opens it.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path: {
                    subscriptionId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description Key of one of the choices */
                        plan: string;
                        /** @description As in the choice: what was shown is what is changed to */
                        version: number;
                        /** @enum {string} */
                        when: "now" | "period_end";
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            plan: string;
                            /**
                             * @description An instant, ISO 8601 in UTC
                             * @example 2026-03-01T00:00:00.000Z
                             */
                            at: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/portal/v1/payment-methods": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what the customer can pay with
         * @description For whoever has opened a link to the portal: sees one customer, and nothing else opens it.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description Whether there is somebody who takes another */
                            canAdd: boolean;
                            data: {
                                id: string;
                                label: string;
                                /** @description Like `2030-04` */
                                expiresOn: string | null;
                                /** @description Invoices are charged to it */
                                isDefault: boolean;
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/portal/v1/payment-method-setups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Open a page of Stripe on which the customer gives a means to pay
         * @description It leads back to the portal, with `?given` in the address when they gave one. What they give becomes their default.
         *
         *     For whoever has opened a link to the portal: sees one customer, and nothing else opens it.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": Record<string, never>;
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            url: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/portal/v1/payment-methods/{paymentMethodId}/default": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Have invoices be charged to another means to pay
         * @description For whoever has opened a link to the portal: sees one customer, and nothing else opens it.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path: {
                    paymentMethodId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": Record<string, never>;
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            id: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/portal/v1/payment-methods/{paymentMethodId}/detach": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take a means to pay away
         * @description If invoices were charged to it, none can be until another is chosen. Payments under way with it go on.
         *
         *     For whoever has opened a link to the portal: sees one customer, and nothing else opens it.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path: {
                    paymentMethodId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": Record<string, never>;
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            id: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/portal/v1/invoices/{invoiceId}/pay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pay an invoice with the default means to pay
         * @description Answers before the outcome is known, which stands with the invoice then. An invoice is never charged twice.
         *
         *     For whoever has opened a link to the portal: sees one customer, and nothing else opens it.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path: {
                    invoiceId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": Record<string, never>;
                };
            };
            responses: {
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            status: "pending" | "action_required" | "succeeded" | "failed" | "canceled";
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/stripe": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read which account of Stripe moves the money of the environment
         * @description Its secrets cannot be read back.
         *
         *     Needs the scope `billing:read`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description Null: no account is connected */
                            connection: components["schemas"]["StripeConnection"] | null;
                        };
                    };
                };
            };
        };
        /**
         * Have an account of Stripe move the money of the environment
         * @description A test environment takes test keys, a live one live keys. What is left out stays as it is. Another account can be connected while no payment by the earlier one is under way; payment methods of that one are detached.
         *
         *     Needs the scope `billing:write`.
         */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description Secret or, better, restricted key of the account */
                        apiKey?: string;
                        /** @description Signing secret of the endpoint at Stripe */
                        webhookSecret?: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description Null: no account is connected */
                            connection: components["schemas"]["StripeConnection"] | null;
                        };
                    };
                };
            };
        };
        post?: never;
        /**
         * Have Stripe move no money of the environment any more
         * @description Its secrets are forgotten, and the payment methods it knows are detached.
         *
         *     Needs the scope `billing:write`.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description Null: no account is connected */
                            connection: components["schemas"]["StripeConnection"] | null;
                        };
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/customers/{customerId}/payment-method-setups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Open a page of Stripe on which a customer gives a means to pay
         * @description Send the customer to `url`. What they give becomes their default payment method as soon as Stripe tells of it.
         *
         *     Needs the scope `billing:write`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path: {
                    /** @description Your own name for the customer */
                    customerId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /**
                         * Format: uri
                         * @description Where the page leads back to
                         * @example https://cloudai.example
                         */
                        returnUrl: string;
                        /**
                         * @description ISO 4217; it decides which means of payment are offered
                         * @example USD
                         */
                        currency: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            url: string;
                            /**
                             * @description An instant, ISO 8601 in UTC
                             * @example 2026-03-01T00:00:00.000Z
                             */
                            expiresAt: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/customers/{customerId}/stripe-customer": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read which customer of Stripe a customer is linked to
         * @description Needs the scope `billing:read`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Your own name for the customer */
                    customerId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            customerId: string;
                            /** @description Null: the connected account does not know the customer yet */
                            stripeCustomerId: string | null;
                            /** @description Null: no account is connected */
                            accountId: string | null;
                        };
                    };
                };
            };
        };
        /**
         * Link a customer to the one that the account of Stripe has already
         * @description What the customer can pay with at Stripe is attached. Where none is linked, one is made at Stripe when it is needed.
         *
         *     Needs the scope `billing:write`.
         */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Your own name for the customer */
                    customerId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @example cus_NffrFeUfNV2Hib */
                        stripeCustomerId: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            customerId: string;
                            stripeCustomerId: string;
                        };
                    };
                };
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/stripe/triggers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what usage is told to Stripe, the newest first
         * @description Needs the scope `billing:read`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description How many rows at most; 50 when left out */
                    limit?: number;
                    cursor?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: components["schemas"]["StripeTrigger"][];
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        /**
         * Have the usage of a meter told to Stripe
         * @description Of each customer and hour Stripe is sent what was counted, as events of one of its meters: that of `priceId`, or the one with the event name `eventName`, which goes before. That meter must add up raw events. What is corrected or comes late is sent as a difference.
         *
         *     With `stripe_subscription` the item of `priceId` in the live subscription of each linked customer gets as its quantity what the meter comes to in the current period of the item, times `multiplier`, rounded up to a whole unit; any meter can be told so. The price is recurring and licensed. When a period begins the quantity is that of the new one.
         *
         *     With `stripe_invoice` each invoice that is finalized from then on, and is not charged here, becomes invoice items of its customer at Stripe, which add up to what is due. They go on the next invoice that Stripe makes of the customer, or, with `createInvoices`, on one of their own. When it is paid there, the invoice is paid here.
         *
         *     Needs the scope `billing:write`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /**
                         * @default stripe_usage
                         * @enum {string}
                         */
                        type?: "stripe_usage" | "stripe_subscription" | "stripe_invoice";
                        /** @description Id or key; for `stripe_usage` it counts or adds up. Not for `stripe_invoice`, which tells none */
                        meter?: string;
                        /**
                         * @description A usage-based price of Stripe; for `stripe_subscription`, a recurring one that is not
                         * @example price_1MowQULkdIwHu7ixraBm864M
                         */
                        priceId?: string;
                        /** @description Event name of a meter of Stripe, where it is not that of the price */
                        eventName?: string;
                        /**
                         * @description 1 if left out. What one unit of the meter is at Stripe, which takes whole numbers only. With 1000, the price there is for thousandths. A rest is kept until it is a whole unit; `stripe_subscription` rounds up
                         * @example 1000
                         */
                        multiplier?: string | number;
                        /** @description Whether customers who are linked to none of Stripe are made there. Else their usage, or invoice, waits until they are linked. For `stripe_usage` and `stripe_invoice` */
                        createCustomers?: boolean;
                        /**
                         * Format: date-time
                         * @description The first hour that is told, at most 34 days ago; this hour if left out. For `stripe_usage`
                         * @example 2026-03-01T00:00:00Z
                         */
                        usageFrom?: string;
                        /**
                         * @description For `stripe_subscription`: what Stripe does about the part of the period that is over when the quantity changes. `none` if left out
                         * @enum {string}
                         */
                        prorationBehavior?: "none" | "create_prorations" | "always_invoice";
                        /** @description For `stripe_invoice`: whether Stripe makes an invoice of its own for each of ours; else the items wait for the next one of the customer */
                        createInvoices?: boolean;
                        /**
                         * @description For `createInvoices`: `charge_automatically`, if left out, charges what the customer pays with at Stripe; `send_invoice` has Stripe send it, due as ours is
                         * @enum {string}
                         */
                        collectionMethod?: "charge_automatically" | "send_invoice";
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["StripeTrigger"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/stripe/triggers/{triggerId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read what usage is told to Stripe, and how far
         * @description Needs the scope `billing:read`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    triggerId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["StripeTrigger"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Stop telling usage to Stripe, or start again
         * @description One that is started again catches up with what was counted meanwhile, as far back as Stripe takes it: 35 days. One of `stripe_invoice` does not: when it is stopped, invoices that Stripe never heard of are taken back, and are yours to collect.
         *
         *     Needs the scope `billing:write`.
         */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    triggerId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        active: boolean;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["StripeTrigger"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/api/v1/stripe/sync-records": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what was sent to Stripe, what waits, and what was refused, the newest first
         * @description Needs the scope `billing:read`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description How many rows at most; 50 when left out */
                    limit?: number;
                    cursor?: string;
                    triggerId?: string;
                    /** @description Your own name for the customer */
                    customerId?: string;
                    state?: "waiting" | "sending" | "sent" | "refused" | "carried";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: components["schemas"]["StripeSyncRecord"][];
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/stripe/sync-records/{recordId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read what was sent to Stripe, or why it was not
         * @description Needs the scope `billing:read`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    recordId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["StripeSyncRecord"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/stripe/sync-records/{recordId}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send again what Stripe has refused
         * @description Needs the scope `billing:write`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path: {
                    recordId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["StripeSyncRecord"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/stripe/triggers/{triggerId}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send again all that Stripe has refused of a trigger
         * @description At most 1,000 records at once, the oldest first. Of `stripe_subscription`, items that were missing are looked for again.
         *
         *     Needs the scope `billing:write`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path: {
                    triggerId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /**
                         * @description Your own name for the customer
                         * @example user_123
                         */
                        customerId?: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            retried: number;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/stripe/triggers/{triggerId}/reconciliation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Compare what was sent of customers with what Stripe has summed up
         * @description Of whole hours: `from` and `to` are taken down to theirs. Up to 25 customers, by name. Stripe sums up a moment later, so usage of the last minutes may make a difference.
         *
         *     Needs the scope `billing:read`.
         */
        get: {
            parameters: {
                query: {
                    /** @description An instant, ISO 8601 with zone */
                    from: string;
                    /** @description An instant, ISO 8601 with zone */
                    to: string;
                    /** @description Your own name for the customer */
                    customerId?: string;
                    cursor?: string;
                };
                header?: never;
                path: {
                    triggerId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /**
                             * @description An instant, ISO 8601 in UTC
                             * @example 2026-03-01T00:00:00.000Z
                             */
                            from: string;
                            /**
                             * @description An instant, ISO 8601 in UTC
                             * @example 2026-03-01T00:00:00.000Z
                             */
                            to: string;
                            data: components["schemas"]["StripeReconciliation"][];
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/stripe/invoices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the invoices that are billed at Stripe, the newest first
         * @description Needs the scope `billing:read`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description How many rows at most; 50 when left out */
                    limit?: number;
                    cursor?: string;
                    triggerId?: string;
                    /** @description Your own name for the customer */
                    customerId?: string;
                    invoiceId?: string;
                    state?: "waiting" | "sending" | "sent" | "paid" | "refused" | "withdrawing" | "withdrawn";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            data: components["schemas"]["StripeInvoice"][];
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/stripe/invoices/{invoiceId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read how an invoice stands at Stripe
         * @description Needs the scope `billing:read`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    invoiceId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["StripeInvoice"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/stripe/invoices/{invoiceId}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Have an invoice that Stripe refused be billed there again
         * @description What is there of it is looked for first, and only what is missing is made.
         *
         *     Needs the scope `billing:write`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Send it, and send it again with every retry: the request is carried out once. */
                    "idempotency-key"?: string;
                };
                path: {
                    invoiceId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["StripeInvoice"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
};
export type webhooks = Record<string, never>;
export type components = {
    schemas: {
        CreditInput: {
            id: string;
            customerId: string;
            /** @enum {string} */
            kind: "units" | "money";
            meterId: string | null;
            currency: string | null;
            meterIds: string[] | null;
            /** @description `units` of a meter, or `amountMinor` of money, in minor units */
            granted: {
                units?: string;
                amountMinor?: string;
            };
            /** @description `units` of a meter, or `amountMinor` of money, in minor units */
            left: {
                units?: string;
                amountMinor?: string;
            };
            lowAt: string | null;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            validFrom: string;
            validTo: string | null;
            priority: number;
            isPromotional: boolean;
            /** @enum {string} */
            source: "plan" | "manual" | "top_up" | "rollover" | "correction";
            name: string;
            subscriptionId: string | null;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            grantedAt: string;
            voidedAt: string | null;
        };
        CreditEntryInput: {
            entryNo: number;
            /** @enum {string} */
            kind: "grant" | "use" | "give_back" | "expiry" | "void" | "rollover" | "hold_commit";
            /** @description `units` of a meter, or `amountMinor` of money, in minor units */
            amount: {
                units?: string;
                amountMinor?: string;
            };
            /** @description `units` of a meter, or `amountMinor` of money, in minor units */
            left: {
                units?: string;
                amountMinor?: string;
            };
            invoiceId: string | null;
            holdId: string | null;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            at: string;
        };
        AlertInput: {
            id: string;
            name: string;
            /** @enum {string} */
            kind: "usage" | "spend" | "balance";
            /** @description Null: every customer */
            customerId: string | null;
            planId: string | null;
            meterId: string | null;
            window: ("period" | "day" | "month") | null;
            currency: string | null;
            thresholds: string[];
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            createdAt: string;
        };
        AlertStateInput: {
            alertId: string;
            /** @description Of the alert */
            name: string;
            /** @enum {string} */
            kind: "usage" | "spend" | "balance";
            meterId: string | null;
            currency: string | null;
            customerId: string;
            subscriptionId: string | null;
            /** @description Null: of a balance */
            windowStart: string | null;
            threshold: string;
            /** @description When it was told */
            value: string;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            reachedAt: string;
        };
        /** @description A comparison with one metadata property */
        MeterConditionInput: {
            /**
             * @description A metadata property: a dotted path, or an array of keys
             * @example response.status
             */
            property: string[];
            /** @enum {string} */
            operator: "eq" | "ne";
            value: boolean | (number | string);
        } | {
            /**
             * @description A metadata property: a dotted path, or an array of keys
             * @example response.status
             */
            property: string[];
            /** @enum {string} */
            operator: "gt" | "gte" | "lt" | "lte";
            value: number | string;
        } | {
            /**
             * @description A metadata property: a dotted path, or an array of keys
             * @example response.status
             */
            property: string[];
            /** @enum {string} */
            operator: "contains" | "not_contains";
            value: string;
        } | {
            /**
             * @description A metadata property: a dotted path, or an array of keys
             * @example response.status
             */
            property: string[];
            /** @constant */
            operator: "in";
            value: (boolean | (number | string))[];
        } | {
            /**
             * @description A metadata property: a dotted path, or an array of keys
             * @example response.status
             */
            property: string[];
            /** @constant */
            operator: "exists";
        };
        /**
         * @description Which events count: a condition, or `and`/`or` of up to three levels of them. A property that is missing or of another type never matches.
         * @example {
         *       "property": "status",
         *       "operator": "lt",
         *       "value": 400
         *     }
         */
        MeterFilterInput: components["schemas"]["MeterConditionInput"] | {
            and: (components["schemas"]["MeterConditionInput"] | {
                and: (components["schemas"]["MeterConditionInput"] | {
                    and: components["schemas"]["MeterConditionInput"][];
                } | {
                    or: components["schemas"]["MeterConditionInput"][];
                })[];
            } | {
                or: (components["schemas"]["MeterConditionInput"] | {
                    and: components["schemas"]["MeterConditionInput"][];
                } | {
                    or: components["schemas"]["MeterConditionInput"][];
                })[];
            } | {
                and: components["schemas"]["MeterConditionInput"][];
            } | {
                or: components["schemas"]["MeterConditionInput"][];
            })[];
        } | {
            or: (components["schemas"]["MeterConditionInput"] | {
                and: (components["schemas"]["MeterConditionInput"] | {
                    and: components["schemas"]["MeterConditionInput"][];
                } | {
                    or: components["schemas"]["MeterConditionInput"][];
                })[];
            } | {
                or: (components["schemas"]["MeterConditionInput"] | {
                    and: components["schemas"]["MeterConditionInput"][];
                } | {
                    or: components["schemas"]["MeterConditionInput"][];
                })[];
            } | {
                and: components["schemas"]["MeterConditionInput"][];
            } | {
                or: components["schemas"]["MeterConditionInput"][];
            })[];
        };
        AddOnInput: {
            id: string;
            key: string;
            name: string;
            currency: string;
            amount: string;
            amountMinor: string;
            /** @enum {string} */
            recurring: "period" | "once";
            /** @description Id of the rate */
            taxRate: string | null;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            createdAt: string;
            archivedAt: string | null;
        };
        CouponInput: {
            id: string;
            key: string;
            name: string;
            percent: string | null;
            amount: string | null;
            amountMinor: string | null;
            currency: string | null;
            /** @enum {string} */
            duration: "once" | "periods" | "forever";
            periods: number | null;
            redemptionsMax: number | null;
            redemptions: number;
            expiresAt: string | null;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            createdAt: string;
            archivedAt: string | null;
        };
        MeterInput: {
            id: string;
            key: string;
            name: string;
            unit: string;
            eventName: string;
            /** @enum {string} */
            aggregation: "COUNT" | "SUM" | "MAX" | "MIN" | "AVG" | "LAST" | "UNIQUE";
            valueProperty: string[] | null;
            filter: unknown | null;
            groupBy: string[];
            conversion: {
                factor: string;
                divisor: string;
            };
            rounding: {
                /** @enum {string} */
                mode: "none" | "up" | "down" | "nearest";
                digits: number;
            };
            /**
             * @description Of usage that comes after its period was invoiced: `bill` passes on what it changes, `credit` only what is in the favour of the customer, `absorb` nothing. All of it is told on the next invoice
             * @enum {string}
             */
            lateUsage: "bill" | "credit" | "absorb";
            /** @description Whether the events that are older than the meter are counted, too */
            complete: boolean;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            createdAt: string;
            archivedAt: string | null;
        };
        PlanInput: {
            id: string;
            key: string;
            name: string;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            createdAt: string;
            archivedAt: string | null;
            /** @description The newest first */
            versions: {
                version: number;
                currency: string;
                /** @enum {string} */
                cycle: "day" | "week" | "month" | "quarter" | "year";
                basePrice: string;
                baseMinor: string;
                baseInAdvance: boolean;
                graceSeconds: number;
                prices: ({
                    /** @constant */
                    model: "per_unit";
                    unitPrice: string;
                    /**
                     * @description Units of a whole period that cost nothing
                     * @example 10000
                     */
                    includedUnits: string;
                    /** @description What the usage of a period costs at least */
                    minimum?: string;
                    /** @description What the usage of a period costs at most */
                    maximum?: string;
                    meter: string;
                    meterId: string;
                    taxRate: string | null;
                } | {
                    /** @constant */
                    model: "package";
                    packageSize: string;
                    /** @description Of each started package */
                    packagePrice: string;
                    /**
                     * @description Units of a whole period that cost nothing
                     * @example 10000
                     */
                    includedUnits: string;
                    /** @description What the usage of a period costs at least */
                    minimum?: string;
                    /** @description What the usage of a period costs at most */
                    maximum?: string;
                    meter: string;
                    meterId: string;
                    taxRate: string | null;
                } | {
                    /** @constant */
                    model: "graduated";
                    tiers: {
                        /** @description Up to and including; null for the last tier, and for no other */
                        upTo: string | null;
                        unitPrice: string;
                        flatFee: string;
                    }[];
                    /**
                     * @description Units of a whole period that cost nothing
                     * @example 10000
                     */
                    includedUnits: string;
                    /** @description What the usage of a period costs at least */
                    minimum?: string;
                    /** @description What the usage of a period costs at most */
                    maximum?: string;
                    meter: string;
                    meterId: string;
                    taxRate: string | null;
                } | {
                    /** @constant */
                    model: "volume";
                    tiers: {
                        /** @description Up to and including; null for the last tier, and for no other */
                        upTo: string | null;
                        unitPrice: string;
                        flatFee: string;
                    }[];
                    /**
                     * @description Units of a whole period that cost nothing
                     * @example 10000
                     */
                    includedUnits: string;
                    /** @description What the usage of a period costs at least */
                    minimum?: string;
                    /** @description What the usage of a period costs at most */
                    maximum?: string;
                    meter: string;
                    meterId: string;
                    taxRate: string | null;
                } | {
                    /** @constant */
                    model: "percentage";
                    /**
                     * @description Of the sum of the period
                     * @example 2.9
                     */
                    percent: string;
                    fixedPerEvent: string;
                    /**
                     * @description Units of a whole period that cost nothing
                     * @example 10000
                     */
                    includedUnits: string;
                    /** @description What the usage of a period costs at least */
                    minimum?: string;
                    /** @description What the usage of a period costs at most */
                    maximum?: string;
                    meter: string;
                    meterId: string;
                    taxRate: string | null;
                } | {
                    /** @constant */
                    model: "by_dimension";
                    /**
                     * @description By which the meter groups
                     * @example [
                     *       "model"
                     *     ]
                     */
                    properties: string[];
                    cases: {
                        values: (string | number | boolean | null)[];
                        price: {
                            /** @constant */
                            model: "per_unit";
                            unitPrice: string;
                            /**
                             * @description Units of a whole period that cost nothing
                             * @example 10000
                             */
                            includedUnits: string;
                            /** @description What the usage of a period costs at least */
                            minimum?: string;
                            /** @description What the usage of a period costs at most */
                            maximum?: string;
                        } | {
                            /** @constant */
                            model: "package";
                            packageSize: string;
                            /** @description Of each started package */
                            packagePrice: string;
                            /**
                             * @description Units of a whole period that cost nothing
                             * @example 10000
                             */
                            includedUnits: string;
                            /** @description What the usage of a period costs at least */
                            minimum?: string;
                            /** @description What the usage of a period costs at most */
                            maximum?: string;
                        } | {
                            /** @constant */
                            model: "graduated";
                            tiers: {
                                /** @description Up to and including; null for the last tier, and for no other */
                                upTo: string | null;
                                unitPrice: string;
                                flatFee: string;
                            }[];
                            /**
                             * @description Units of a whole period that cost nothing
                             * @example 10000
                             */
                            includedUnits: string;
                            /** @description What the usage of a period costs at least */
                            minimum?: string;
                            /** @description What the usage of a period costs at most */
                            maximum?: string;
                        } | {
                            /** @constant */
                            model: "volume";
                            tiers: {
                                /** @description Up to and including; null for the last tier, and for no other */
                                upTo: string | null;
                                unitPrice: string;
                                flatFee: string;
                            }[];
                            /**
                             * @description Units of a whole period that cost nothing
                             * @example 10000
                             */
                            includedUnits: string;
                            /** @description What the usage of a period costs at least */
                            minimum?: string;
                            /** @description What the usage of a period costs at most */
                            maximum?: string;
                        } | {
                            /** @constant */
                            model: "percentage";
                            /**
                             * @description Of the sum of the period
                             * @example 2.9
                             */
                            percent: string;
                            fixedPerEvent: string;
                            /**
                             * @description Units of a whole period that cost nothing
                             * @example 10000
                             */
                            includedUnits: string;
                            /** @description What the usage of a period costs at least */
                            minimum?: string;
                            /** @description What the usage of a period costs at most */
                            maximum?: string;
                        };
                    }[];
                    /** @description For all other values, taken as one */
                    otherwise: {
                        /** @constant */
                        model: "per_unit";
                        unitPrice: string;
                        /**
                         * @description Units of a whole period that cost nothing
                         * @example 10000
                         */
                        includedUnits: string;
                        /** @description What the usage of a period costs at least */
                        minimum?: string;
                        /** @description What the usage of a period costs at most */
                        maximum?: string;
                    } | {
                        /** @constant */
                        model: "package";
                        packageSize: string;
                        /** @description Of each started package */
                        packagePrice: string;
                        /**
                         * @description Units of a whole period that cost nothing
                         * @example 10000
                         */
                        includedUnits: string;
                        /** @description What the usage of a period costs at least */
                        minimum?: string;
                        /** @description What the usage of a period costs at most */
                        maximum?: string;
                    } | {
                        /** @constant */
                        model: "graduated";
                        tiers: {
                            /** @description Up to and including; null for the last tier, and for no other */
                            upTo: string | null;
                            unitPrice: string;
                            flatFee: string;
                        }[];
                        /**
                         * @description Units of a whole period that cost nothing
                         * @example 10000
                         */
                        includedUnits: string;
                        /** @description What the usage of a period costs at least */
                        minimum?: string;
                        /** @description What the usage of a period costs at most */
                        maximum?: string;
                    } | {
                        /** @constant */
                        model: "volume";
                        tiers: {
                            /** @description Up to and including; null for the last tier, and for no other */
                            upTo: string | null;
                            unitPrice: string;
                            flatFee: string;
                        }[];
                        /**
                         * @description Units of a whole period that cost nothing
                         * @example 10000
                         */
                        includedUnits: string;
                        /** @description What the usage of a period costs at least */
                        minimum?: string;
                        /** @description What the usage of a period costs at most */
                        maximum?: string;
                    } | {
                        /** @constant */
                        model: "percentage";
                        /**
                         * @description Of the sum of the period
                         * @example 2.9
                         */
                        percent: string;
                        fixedPerEvent: string;
                        /**
                         * @description Units of a whole period that cost nothing
                         * @example 10000
                         */
                        includedUnits: string;
                        /** @description What the usage of a period costs at least */
                        minimum?: string;
                        /** @description What the usage of a period costs at most */
                        maximum?: string;
                    };
                    meter: string;
                    meterId: string;
                    taxRate: string | null;
                })[];
                flatPrices: {
                    name: string;
                    amount: string;
                    amountMinor: string;
                    /** @enum {string} */
                    recurring: "period" | "once";
                    /** @description Id of the rate */
                    taxRate: string | null;
                }[];
                credits: {
                    /** @description Id of the meter */
                    meter?: string;
                    units?: string;
                    amount?: string;
                    priority: number;
                    isPromotional: boolean;
                    rollover: {
                        cap: string | null;
                        periods: number;
                    } | null;
                }[];
                minimum: string | null;
                trialDays: number;
                netDays: number;
                /** @description Id of the rate */
                taxRate: string | null;
                /**
                 * @description An instant, ISO 8601 in UTC
                 * @example 2026-03-01T00:00:00.000Z
                 */
                createdAt: string;
            }[];
        };
        TaxRateInput: {
            id: string;
            key: string;
            name: string;
            percent: string;
            inclusive: boolean;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            createdAt: string;
            archivedAt: string | null;
        };
        WindowLimitInput: {
            name: string;
            /** @enum {string} */
            algorithm: "fixed_window" | "token_bucket" | "sliding_window";
            limit: number;
            window?: string;
            /** @enum {string} */
            period?: "day" | "month";
            /** @enum {string} */
            per: "identity" | "all";
        };
        BalanceLimitInput: {
            name: string;
            /** @constant */
            algorithm: "balance";
            /** @description Its key */
            meter: string;
            unitsPerRequest: number;
            planPays: boolean;
            /** @constant */
            per: "identity";
        };
        PolicyInput: {
            id: string;
            key: string;
            name: string;
            application: string | null;
            method: string;
            url: string;
            priority: number;
            strategyId: string | null;
            /** @enum {string} */
            mode: "enforce" | "shadow" | "off";
            /** @enum {string} */
            withoutAnswer: "allow" | "refuse";
            deadlineMs: number;
            limits: (components["schemas"]["WindowLimitInput"] | components["schemas"]["BalanceLimitInput"])[];
            metering: {
                id: string;
                event: string;
                quantity: string;
                when: ("2xx" | "3xx" | "4xx" | "5xx")[];
            }[];
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            createdAt: string;
            archivedAt: string | null;
        };
        ApplicationInput: {
            id: string;
            name: string;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            firstSeenAt: string;
            /**
             * @description To the minute
             * @example 2026-03-01T00:00:00.000Z
             */
            lastSeenAt: string;
            /** @description That have reported within the last 3 minutes */
            processes: number;
            /**
             * @description What runs in these processes, up to 10
             * @example [
             *       "express/0.1.0 node/20.19.1"
             *     ]
             */
            agents: string[];
        };
        ApplicationProcessInput: {
            /** @description The random name of the process */
            producer: string;
            agent: string;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            firstReportedAt: string;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            lastReportedAt: string;
            /** @description Reports that never came */
            missed: number;
            /** @description Rows of reports that count for nothing */
            leftOut: number;
            /** @description What became of usage since the process began; null: not told */
            usage: {
                produced: number;
                delivered: number;
                queued: number;
                refused: number;
                dropped: number;
            } | null;
        };
        BlockInput: {
            blockId: string;
            /** @enum {string} */
            kind: "customer" | "network";
            /** @description Who is blocked: the customer, or the network */
            id: string;
            reason: string;
            /** @description In real time; null: until it is removed */
            until: string | null;
            /** @description Who said so last; null: it was not noted then */
            actor: {
                kind: string;
                id: string;
            } | null;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            createdAt: string;
        };
        StrategyInput: {
            id: string;
            key: string;
            name: string;
            sources: {
                /** @enum {string} */
                from: "header" | "query" | "body" | "path" | "cookie" | "claim";
                /**
                 * @description Of the header, parameter, cookie or field; `user.id` is a field of a field
                 * @example x-user-id
                 */
                name: string;
            }[];
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            createdAt: string;
            archivedAt: string | null;
        };
        ControlConfigInput: {
            version: number;
            /**
             * @description Real time: a block is over when its `until` has come
             * @example 2026-03-01T00:00:00.000Z
             */
            now: string;
            application: {
                id: string;
                name: string;
            };
            strategies: {
                id: string;
                sources: {
                    /** @enum {string} */
                    from: "header" | "query" | "body" | "path" | "cookie" | "claim";
                    /**
                     * @description Of the header, parameter, cookie or field; `user.id` is a field of a field
                     * @example x-user-id
                     */
                    name: string;
                }[];
            }[];
            policies: {
                id: string;
                key: string;
                method: string;
                url: string;
                priority: number;
                strategyId: string | null;
                /** @enum {string} */
                mode: "enforce" | "shadow";
                /** @enum {string} */
                withoutAnswer: "allow" | "refuse";
                deadlineMs: number;
                limits: (components["schemas"]["WindowLimitInput"] | components["schemas"]["BalanceLimitInput"])[];
                metering: {
                    id: string;
                    event: string;
                    when: ("2xx" | "3xx" | "4xx" | "5xx")[];
                    /** @description JSON pointers to what its expression reads */
                    captures: string[];
                    /** @description Requests may be counted together and come to the same */
                    isSummable: boolean;
                }[];
            }[];
            blocks: {
                /** @enum {string} */
                kind: "customer" | "network";
                id: string;
                until: string | null;
            }[];
        };
        LeaseInput: {
            id: string;
            /** @description Lent; 0 if nothing could be */
            units: number;
            /** @description From when the request was sent */
            lifeMs: number;
            /** @description For the client; null: it is more than the limit */
            retryAfterMs: number | null;
            /** @description For the process; sooner nothing is to be had */
            askAgainMs: number;
        };
        LimitDecisionInput: {
            id: string;
            isAllowed: boolean;
            remaining: number;
            /** @description For the client; null: it is more than the limit */
            retryAfterMs: number | null;
            resetMs: number;
        };
        EndpointInput: {
            id: string;
            application: string;
            method: string | null;
            /** @description Null: all requests for which the framework had no route */
            route: string | null;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            firstSeenAt: string;
            /** @description When the framework last said that it has it, to the day */
            declaredAt: string | null;
            /** @description In traffic, to the minute */
            lastSeenAt: string | null;
            requests: number;
            /** @description Requests that a metering rule covers, and for which no customer was known */
            unmetered: number;
            /**
             * @description By the first digit
             * @example {
             *       "2xx": 98,
             *       "5xx": 2
             *     }
             */
            statuses: {
                [key: string]: number;
            };
            /** @description The share with a status of 500 or more; null without requests */
            errorRate: number | null;
            /** @description Milliseconds that so many of a hundred requests did not exceed, within 1.6 %; null where none was told */
            latencyMs: {
                p50: number;
                p95: number;
                p99: number;
            } | null;
            requestBytes: number;
            responseBytes: number;
        };
        PolicyDecisionsInput: {
            /**
             * @description When the first hour or minute that is in it began
             * @example 2026-03-01T00:00:00.000Z
             */
            from: string;
            /**
             * @description When the last one ends
             * @example 2026-03-01T00:00:00.000Z
             */
            to: string;
            /** @description Of the endpoints whose route the policy covers now, whatever it covered then; null where there are none */
            requests: number | null;
            limits: {
                /** @description By name; `block` of blocks */
                limit: string;
                /** @enum {string} */
                mode: "enforce" | "shadow";
                /** @description In `shadow`: would have been */
                refused: number;
                allowedWithoutAnswer: number;
                refusedWithoutAnswer: number;
                /** @description Those that were refused most */
                identities: {
                    /** @enum {string} */
                    kind: "customer" | "network";
                    id: string;
                    /** @description In `shadow`: would have been */
                    refused: number;
                    allowedWithoutAnswer: number;
                    refusedWithoutAnswer: number;
                }[];
            }[];
            /** @description All limits together; hours in which none did anything are left out */
            hours: {
                /**
                 * @description An instant, ISO 8601 in UTC
                 * @example 2026-03-01T00:00:00.000Z
                 */
                startsAt: string;
                /** @enum {string} */
                mode: "enforce" | "shadow";
                /** @description In `shadow`: would have been */
                refused: number;
                allowedWithoutAnswer: number;
                refusedWithoutAnswer: number;
            }[];
        };
        PolicySumsInput: {
            policyId: string;
            /** @description Of the endpoints whose route the policy covers now, whatever it covered then; null where there are none */
            requests: number | null;
            /** @description All limits together, in each mode in which they did something */
            modes: {
                /** @enum {string} */
                mode: "enforce" | "shadow";
                /** @description In `shadow`: would have been */
                refused: number;
                allowedWithoutAnswer: number;
                refusedWithoutAnswer: number;
            }[];
        };
        OtherDecisionsInput: {
            /**
             * @description When the first hour or minute that is in it began
             * @example 2026-03-01T00:00:00.000Z
             */
            from: string;
            /**
             * @description When the last one ends
             * @example 2026-03-01T00:00:00.000Z
             */
            to: string;
            /** @description Those that refused most, 200 at most */
            limits: {
                application: string;
                /** @description Null: of blocks */
                pattern: string | null;
                /** @description By name; `block` of blocks */
                limit: string;
                /** @enum {string} */
                mode: "enforce" | "shadow";
                /** @description In `shadow`: would have been */
                refused: number;
                allowedWithoutAnswer: number;
                refusedWithoutAnswer: number;
                /** @description Those that were refused most */
                identities: {
                    /** @enum {string} */
                    kind: "customer" | "network";
                    id: string;
                    /** @description In `shadow`: would have been */
                    refused: number;
                    allowedWithoutAnswer: number;
                    refusedWithoutAnswer: number;
                }[];
            }[];
        };
        RequestSampleInput: {
            id: string;
            application: string;
            endpointId: string;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            at: string;
            method: string;
            route: string | null;
            status: number;
            durationMs: number;
            requestBytes: number | null;
            responseBytes: number | null;
            customerId: string | null;
            clientAddress: string | null;
            userAgent: string | null;
            /** @description Of its parameters; never their values */
            queryNames: string[];
        };
        ControlWarningInput: {
            /** @enum {string} */
            kind: "unmetered" | "endpoint_vanished" | "endpoints_full" | "reports_missed" | "rows_left_out" | "usage_lost";
            application: string;
            /** @description Null: it is about the whole application */
            endpoint: {
                id: string;
                method: string | null;
                /** @description Null: all requests for which the framework had no route */
                route: string | null;
            } | null;
            /** @description What the message counts */
            count: number;
            /**
             * @description When it was last so
             * @example 2026-03-01T00:00:00.000Z
             */
            at: string;
            message: string;
        };
        JsonValueInput: unknown;
        TrackedEventInput: {
            /**
             * @description What meters know the event by
             * @example API_CALL
             */
            metric: string;
            /**
             * @description Your own name for the customer, made on its first event
             * @example user_123
             */
            customerId: string;
            /**
             * @description How much was used: 1 by default. A number of at most 15 significant digits, or a decimal string.
             * @example 1000
             */
            amount?: number | string;
            /**
             * @description Up to 50 entries in up to 3 levels; texts of up to 2,048 characters
             * @example {
             *       "endpoint": "/v1/chat"
             *     }
             */
            metadata?: {
                [key: string]: components["schemas"]["JsonValueInput"];
            };
            /**
             * Format: date-time
             * @description When it was used: now by default. RFC 3339 with zone, to the microsecond; at most 5 minutes ahead and 35 days back, unless in an import
             * @example 2026-03-01T12:00:00.000Z
             */
            timestamp?: string;
            /**
             * @description Your order among events of the same instant: 0 by default
             * @example 0
             */
            sequence?: number;
            /**
             * @description The same event sent again with the same key is stored once
             * @example order-4711
             */
            idempotencyKey?: string;
            /**
             * @description The import that it belongs to
             * @example imp_01h455vb4pex5vsknk084sn02q
             */
            importId?: string;
        };
        SentEventInput: {
            /**
             * @description What meters know the event by
             * @example API_CALL
             */
            name: string;
            /**
             * @description Your own name for the customer, made on its first event
             * @example user_123
             */
            customerId: string;
            /**
             * @description How much was used: 1 by default. A number of at most 15 significant digits, or a decimal string.
             * @example 1000
             */
            amount?: number | string;
            /**
             * @description Up to 50 entries in up to 3 levels; texts of up to 2,048 characters
             * @example {
             *       "endpoint": "/v1/chat"
             *     }
             */
            metadata?: {
                [key: string]: components["schemas"]["JsonValueInput"];
            };
            /**
             * Format: date-time
             * @description When it was used: now by default. RFC 3339 with zone, to the microsecond; at most 5 minutes ahead and 35 days back, unless in an import
             * @example 2026-03-01T12:00:00.000Z
             */
            timestamp?: string;
            /**
             * @description Your order among events of the same instant: 0 by default
             * @example 0
             */
            sequence?: number;
            /**
             * @description The same event sent again with the same key is stored once
             * @example order-4711
             */
            idempotencyKey?: string;
            /**
             * @description The import that it belongs to
             * @example imp_01h455vb4pex5vsknk084sn02q
             */
            importId?: string;
        };
        RecordedInput: {
            /** @constant */
            success: true;
            /** @example evt_01h455vb4pex5vsknk084sn02q */
            eventId: string;
            /** @description Whether the event was stored by an earlier request */
            duplicate: boolean;
            /**
             * @description There when no key was sent: sent again, the event counts again
             * @constant
             */
            deduplicated?: false;
        };
        ResultsInput: {
            results: {
                /** @enum {string} */
                status: "recorded" | "duplicate" | "refused";
                /** @example evt_01h455vb4pex5vsknk084sn02q */
                eventId?: string;
                /** @constant */
                deduplicated?: false;
                error?: {
                    code: string;
                    message: string;
                };
            }[];
        };
        EventInput: {
            /** @example evt_01h455vb4pex5vsknk084sn02q */
            eventId: string;
            name: string;
            customerId: string;
            /**
             * @description A decimal
             * @example 1000
             */
            amount: string;
            /**
             * @example {
             *       "endpoint": "/v1/chat"
             *     }
             */
            metadata: {
                [key: string]: unknown;
            };
            /**
             * @description To the microsecond
             * @example 2026-03-01T12:00:00.000Z
             */
            timestamp: string;
            sequence: number;
            idempotencyKey: string | null;
            importId: string | null;
            /** @description What counts: the content as last amended; null when the event is void */
            effective: {
                /**
                 * @description A decimal
                 * @example 1000
                 */
                amount: string;
                /**
                 * @example {
                 *       "endpoint": "/v1/chat"
                 *     }
                 */
                metadata: {
                    [key: string]: unknown;
                };
                /**
                 * @description To the microsecond
                 * @example 2026-03-01T12:00:00.000Z
                 */
                timestamp: string;
            } | null;
            /** @description Oldest first; the newest holds */
            corrections: {
                /** @enum {string} */
                kind: "void" | "amend";
                reason: string | null;
                at: string;
                /**
                 * @description A decimal
                 * @example 1000
                 */
                amount?: string;
                /**
                 * @example {
                 *       "endpoint": "/v1/chat"
                 *     }
                 */
                metadata?: {
                    [key: string]: unknown;
                };
                /**
                 * @description To the microsecond
                 * @example 2026-03-01T12:00:00.000Z
                 */
                timestamp?: string;
            }[];
        };
        MeasuredUsageInput: {
            /**
             * @description Your own name for the customer, made on its first event
             * @example user_123
             */
            customerId: string;
            /**
             * @description Up to 50 entries in up to 3 levels; texts of up to 2,048 characters
             * @example {
             *       "endpoint": "/v1/chat"
             *     }
             */
            metadata?: {
                [key: string]: components["schemas"]["JsonValueInput"];
            };
            /**
             * @description The same event sent again with the same key is stored once
             * @example order-4711
             */
            idempotencyKey: string;
            /**
             * Format: date-time
             * @description When it was used: now by default. RFC 3339 with zone, to the microsecond; at most 5 minutes ahead and 35 days back, unless in an import
             * @example 2026-03-01T12:00:00.000Z
             */
            timestamp: string;
            /** @example mrl_01h455vb4pex5vsknk084sn02q */
            ruleId: string;
            /** @example POST */
            method: string;
            /**
             * @description The template of the framework
             * @example /v1/chat
             */
            route?: string | null;
            /**
             * @description How many were summed; 1 unless the rule says that it is summable
             * @default 1
             */
            requests?: number;
            /**
             * @description What the rule captures, by JSON pointer; what the request did not have is left out
             * @default {}
             * @example {
             *       "/response/body/usage/total_tokens": 1234
             *     }
             */
            fields?: {
                [key: string]: string | number | boolean;
            };
        };
        CreditNoteInput: {
            id: string;
            number: string;
            invoiceId: string;
            customerId: string;
            currency: string;
            /** @enum {string} */
            settlement: "credit" | "refund";
            /** @description The credit that it became */
            creditId: string | null;
            /** @description The payment that gives it back; null when none is known for the invoice */
            refundId: string | null;
            reason: string;
            /** @description Tax included */
            total: string;
            totalMinor: string;
            taxMinor: string;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            issuedAt: string;
            lines: {
                invoiceLineNo: number;
                /** @description Tax included */
                amount: string;
                amountMinor: string;
                taxMinor: string;
            }[];
        };
        ListedCreditNoteInput: {
            id: string;
            number: string;
            invoiceId: string;
            customerId: string;
            currency: string;
            /** @enum {string} */
            settlement: "credit" | "refund";
            /** @description The credit that it became */
            creditId: string | null;
            /** @description The payment that gives it back; null when none is known for the invoice */
            refundId: string | null;
            reason: string;
            /** @description Tax included */
            total: string;
            totalMinor: string;
            taxMinor: string;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            issuedAt: string;
            lines: {
                invoiceLineNo: number;
                /** @description Tax included */
                amount: string;
                amountMinor: string;
                taxMinor: string;
            }[];
            invoiceNumber: string | null;
        };
        AccessInput: {
            customerId: string;
            isAllowed: boolean;
            /**
             * @description `credits`: they cover all these units; `plan`: a subscription bills them; `suspended`, `paused`: that subscription is; `nothing`: neither
             * @enum {string}
             */
            reason: "credits" | "plan" | "suspended" | "paused" | "nothing";
            subscriptionId: string | null;
            credits: {
                available: string;
                held: string;
            };
        };
        ListedCreditInput: {
            id: string;
            customerId: string;
            /** @enum {string} */
            kind: "units" | "money";
            meterId: string | null;
            currency: string | null;
            meterIds: string[] | null;
            /** @description `units` of a meter, or `amountMinor` of money, in minor units */
            granted: {
                units?: string;
                amountMinor?: string;
            };
            /** @description `units` of a meter, or `amountMinor` of money, in minor units */
            left: {
                units?: string;
                amountMinor?: string;
            };
            lowAt: string | null;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            validFrom: string;
            validTo: string | null;
            priority: number;
            isPromotional: boolean;
            /** @enum {string} */
            source: "plan" | "manual" | "top_up" | "rollover" | "correction";
            name: string;
            subscriptionId: string | null;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            grantedAt: string;
            voidedAt: string | null;
            /** @enum {string} */
            state: "active" | "upcoming" | "used_up" | "ended" | "void";
        };
        CustomerCreditEntryInput: {
            entryNo: number;
            /** @enum {string} */
            kind: "grant" | "use" | "give_back" | "expiry" | "void" | "rollover" | "hold_commit";
            /** @description `units` of a meter, or `amountMinor` of money, in minor units */
            amount: {
                units?: string;
                amountMinor?: string;
            };
            /** @description `units` of a meter, or `amountMinor` of money, in minor units */
            left: {
                units?: string;
                amountMinor?: string;
            };
            invoiceId: string | null;
            holdId: string | null;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            at: string;
            creditId: string;
            name: string;
            /** @enum {string} */
            source: "plan" | "manual" | "top_up" | "rollover" | "correction";
            meterId: string | null;
            currency: string | null;
        };
        HoldInput: {
            id: string;
            customerId: string;
            meterId: string;
            key: string | null;
            units: string;
            /** @enum {string} */
            status: "open" | "committed" | "released" | "expired";
            /** @description Units, once it is committed */
            used: string | null;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            createdAt: string;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            expiresAt: string;
            closedAt: string | null;
        };
        CreditBalanceInput: {
            customerId: string;
            balances: {
                /** @enum {string} */
                kind: "units" | "money";
                meterId: string | null;
                currency: string | null;
                meterIds: string[] | null;
                left: {
                    units?: string;
                    amountMinor?: string;
                };
                unsettled: {
                    units?: string;
                    amountMinor?: string;
                };
                held: {
                    units?: string;
                    amountMinor?: string;
                };
                available: {
                    units?: string;
                    amountMinor?: string;
                };
            }[];
        };
        CustomerInput: {
            id: string;
            /**
             * @description Your own name for the customer
             * @example user_123
             */
            customerId: string;
            name: string;
            /** @description The customer above this one; null: only the root customer */
            parentId: string | null;
            email: string | null;
            /** @description Line by line */
            address: string[];
            taxNumber: string | null;
            language: string | null;
            /** @description Id of the rate; null: as the plan says */
            taxRate: string | null;
            taxExempt: boolean;
            /** @description Null: as the plan says */
            netDays: number | null;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            createdAt: string;
        };
        CouponAttachmentInput: {
            id: string;
            couponId: string;
            customerId: string;
            /** @description Null: every subscription of the customer */
            subscriptionId: string | null;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            attachedAt: string;
            detachedAt: string | null;
        };
        EventWayInput: {
            eventId: string;
            /** @description Whether the totals have it already */
            counted: boolean;
            meters: {
                meterId: string;
                meter: string;
                name: string;
                unit: string;
                /** @enum {string} */
                aggregation: "COUNT" | "SUM" | "MAX" | "MIN" | "AVG" | "LAST" | "UNIQUE";
                /**
                 * @description `filtered`: the filter of the meter lets it out; `no_value`: it has not what the meter reads
                 * @enum {string}
                 */
                outcome: "counted" | "filtered" | "no_value" | "void";
                /** @description The number that the meter read */
                value: string | null;
                /** @description What a UNIQUE meter tells apart, as JSON */
                uniqueValue: string | null;
                /** @description Null: no subscription had a price for the meter at that time */
                billing: {
                    /** @description Who pays: the customer, or one that it stands beneath */
                    customerId: string;
                    subscriptionId: string;
                    plan: string;
                    planVersion: number;
                    /**
                     * @description Only `billed` is invoiced
                     * @enum {string}
                     */
                    term: "billed" | "trial" | "pause";
                    period: {
                        /**
                         * @description An instant, ISO 8601 in UTC
                         * @example 2026-03-01T00:00:00.000Z
                         */
                        start: string;
                        /**
                         * @description An instant, ISO 8601 in UTC
                         * @example 2026-03-01T00:00:00.000Z
                         */
                        end: string;
                        /** @enum {string} */
                        state: "open" | "closed" | "invoiced";
                    } | null;
                    invoices: {
                        invoiceId: string;
                        number: string | null;
                        /** @enum {string} */
                        status: "draft" | "finalized" | "paid" | "failed" | "void";
                        /** @enum {string} */
                        kind: "period" | "advance" | "threshold" | "late" | "one_off";
                        lines: {
                            lineNo: number;
                            description: string;
                            /** @description Counts it because it came after its own invoice */
                            late: boolean;
                        }[];
                    }[];
                } | null;
            }[];
        };
        InvoiceSummaryInput: {
            id: string;
            /** @description Null while it is a draft */
            number: string | null;
            /** @enum {string} */
            status: "draft" | "finalized" | "paid" | "failed" | "void";
            /** @description Why it failed or was voided */
            reason: string | null;
            /** @description Grows with every change */
            version: number;
            /** @description What credit notes took back, tax included */
            creditedMinor: string;
            /** @enum {string} */
            kind: "period" | "advance" | "threshold" | "late" | "one_off";
            customerId: string;
            /** @description Null for a one-off invoice */
            subscriptionId: string | null;
            /** @description Null for a one-off invoice */
            planId: string | null;
            planVersion: number | null;
            currency: string;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            periodStart: string;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            periodEnd: string;
            /** @description The sum of the lines but the true-up */
            subtotalMinor: string;
            trueUpMinor: string;
            taxMinor: string;
            totalMinor: string;
            total: string;
            amountDueMinor: string;
            amountDue: string;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            createdAt: string;
            finalizedAt: string | null;
            dueAt: string | null;
            /** @description When it was found unpaid after it was due; stays when it is paid later */
            overdueAt: string | null;
        };
        InvoiceInput: {
            id: string;
            /** @description Null while it is a draft */
            number: string | null;
            /** @enum {string} */
            status: "draft" | "finalized" | "paid" | "failed" | "void";
            /** @description Why it failed or was voided */
            reason: string | null;
            /** @description Grows with every change */
            version: number;
            /** @description What credit notes took back, tax included */
            creditedMinor: string;
            /** @enum {string} */
            kind: "period" | "advance" | "threshold" | "late" | "one_off";
            customerId: string;
            /** @description Null for a one-off invoice */
            subscriptionId: string | null;
            /** @description Null for a one-off invoice */
            planId: string | null;
            planVersion: number | null;
            currency: string;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            periodStart: string;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            periodEnd: string;
            /** @description The sum of the lines but the true-up */
            subtotalMinor: string;
            trueUpMinor: string;
            taxMinor: string;
            totalMinor: string;
            total: string;
            amountDueMinor: string;
            amountDue: string;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            createdAt: string;
            finalizedAt: string | null;
            dueAt: string | null;
            /** @description When it was found unpaid after it was due; stays when it is paid later */
            overdueAt: string | null;
            lines: {
                lineNo: number;
                /**
                 * @description `late`: usage of an earlier period, at its prices, that came after it was invoiced; `periodStart` and `periodEnd` name it
                 * @enum {string}
                 */
                kind: "base" | "flat" | "usage" | "late" | "item" | "true_up";
                /** @description The amount is units × unitPrice + fixed, rounded once */
                rule: string;
                /** @description Of a flat price, an add-on or an item */
                name: string;
                /** @description Key of the meter; null for what is not usage */
                meter: string | null;
                meterId: string | null;
                description: string;
                /** @description For a base price the part of the period */
                quantity: string;
                /** @description The values by which the usage is priced; null: all others */
                dimension: (string | number | boolean | null)[] | null;
                included: string;
                /** @description Units that credits paid for */
                credited: string;
                billable: string;
                /** @description How often the unit price is paid */
                units: string;
                /** @description In the major unit */
                unitPrice: string;
                /** @description In the major unit */
                fixed: string;
                amountMinor: string;
                amount: string;
                discountMinor: string;
                promotionalMinor: string;
                taxRateId: string | null;
                taxMinor: string;
                /**
                 * @description An instant, ISO 8601 in UTC
                 * @example 2026-03-01T00:00:00.000Z
                 */
                periodStart: string;
                /**
                 * @description An instant, ISO 8601 in UTC
                 * @example 2026-03-01T00:00:00.000Z
                 */
                periodEnd: string;
                /** @description Whose events the line counts, from when to when */
                coverage: {
                    /** @description Null: every customer except those of `except` */
                    customerId: string | null;
                    except: string[];
                    /**
                     * @description An instant, ISO 8601 in UTC
                     * @example 2026-03-01T00:00:00.000Z
                     */
                    from: string;
                    /**
                     * @description An instant, ISO 8601 in UTC
                     * @example 2026-03-01T00:00:00.000Z
                     */
                    to: string;
                }[];
            }[];
            adjustments: {
                /** @enum {string} */
                kind: "unit_credit" | "discount" | "promotional" | "tax" | "prepaid";
                /** @description A grant, the attachment of a coupon, a rate of tax */
                ref: string;
                name: string;
                amountMinor: string;
                amount: string;
                units: {
                    meterId: string;
                    quantity: string;
                } | null;
                tax: {
                    percent: string;
                    inclusive: boolean;
                    taxableMinor: string;
                } | null;
            }[];
        };
        InvoicePreviewInput: {
            customerId: string;
            subscriptionId: string | null;
            /** @description Null for a one-off invoice */
            planId: string | null;
            planVersion: number | null;
            currency: string;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            periodStart: string;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            periodEnd: string;
            /** @description The sum of the lines but the true-up */
            subtotalMinor: string;
            trueUpMinor: string;
            taxMinor: string;
            totalMinor: string;
            total: string;
            amountDueMinor: string;
            amountDue: string;
            lines: {
                lineNo: number;
                /**
                 * @description `late`: usage of an earlier period, at its prices, that came after it was invoiced; `periodStart` and `periodEnd` name it
                 * @enum {string}
                 */
                kind: "base" | "flat" | "usage" | "late" | "item" | "true_up";
                /** @description The amount is units × unitPrice + fixed, rounded once */
                rule: string;
                /** @description Of a flat price, an add-on or an item */
                name: string;
                /** @description Key of the meter; null for what is not usage */
                meter: string | null;
                meterId: string | null;
                description: string;
                /** @description For a base price the part of the period */
                quantity: string;
                /** @description The values by which the usage is priced; null: all others */
                dimension: (string | number | boolean | null)[] | null;
                included: string;
                /** @description Units that credits paid for */
                credited: string;
                billable: string;
                /** @description How often the unit price is paid */
                units: string;
                /** @description In the major unit */
                unitPrice: string;
                /** @description In the major unit */
                fixed: string;
                amountMinor: string;
                amount: string;
                discountMinor: string;
                promotionalMinor: string;
                taxRateId: string | null;
                taxMinor: string;
                /**
                 * @description An instant, ISO 8601 in UTC
                 * @example 2026-03-01T00:00:00.000Z
                 */
                periodStart: string;
                /**
                 * @description An instant, ISO 8601 in UTC
                 * @example 2026-03-01T00:00:00.000Z
                 */
                periodEnd: string;
                /** @description Whose events the line counts, from when to when */
                coverage: {
                    /** @description Null: every customer except those of `except` */
                    customerId: string | null;
                    except: string[];
                    /**
                     * @description An instant, ISO 8601 in UTC
                     * @example 2026-03-01T00:00:00.000Z
                     */
                    from: string;
                    /**
                     * @description An instant, ISO 8601 in UTC
                     * @example 2026-03-01T00:00:00.000Z
                     */
                    to: string;
                }[];
            }[];
            adjustments: {
                /** @enum {string} */
                kind: "unit_credit" | "discount" | "promotional" | "tax" | "prepaid";
                /** @description A grant, the attachment of a coupon, a rate of tax */
                ref: string;
                name: string;
                amountMinor: string;
                amount: string;
                units: {
                    meterId: string;
                    quantity: string;
                } | null;
                tax: {
                    percent: string;
                    inclusive: boolean;
                    taxableMinor: string;
                } | null;
            }[];
        };
        SubscriptionInput: {
            id: string;
            customerId: string;
            plan: string;
            planId: string;
            planVersion: number;
            /** @enum {string} */
            cycle: "day" | "week" | "month" | "quarter" | "year";
            /** @description How often the base price is due */
            quantity: string;
            /** @description Prices for this subscription alone; null: those of the plan */
            overrides: {
                basePrice?: string;
                minimum?: string;
                prices: ({
                    /** @constant */
                    model: "per_unit";
                    unitPrice: string;
                    /**
                     * @description Units of a whole period that cost nothing
                     * @example 10000
                     */
                    includedUnits: string;
                    /** @description What the usage of a period costs at least */
                    minimum?: string;
                    /** @description What the usage of a period costs at most */
                    maximum?: string;
                    /** @description Id of the meter */
                    meter: string;
                } | {
                    /** @constant */
                    model: "package";
                    packageSize: string;
                    /** @description Of each started package */
                    packagePrice: string;
                    /**
                     * @description Units of a whole period that cost nothing
                     * @example 10000
                     */
                    includedUnits: string;
                    /** @description What the usage of a period costs at least */
                    minimum?: string;
                    /** @description What the usage of a period costs at most */
                    maximum?: string;
                    /** @description Id of the meter */
                    meter: string;
                } | {
                    /** @constant */
                    model: "graduated";
                    tiers: {
                        /** @description Up to and including; null for the last tier, and for no other */
                        upTo: string | null;
                        unitPrice: string;
                        flatFee: string;
                    }[];
                    /**
                     * @description Units of a whole period that cost nothing
                     * @example 10000
                     */
                    includedUnits: string;
                    /** @description What the usage of a period costs at least */
                    minimum?: string;
                    /** @description What the usage of a period costs at most */
                    maximum?: string;
                    /** @description Id of the meter */
                    meter: string;
                } | {
                    /** @constant */
                    model: "volume";
                    tiers: {
                        /** @description Up to and including; null for the last tier, and for no other */
                        upTo: string | null;
                        unitPrice: string;
                        flatFee: string;
                    }[];
                    /**
                     * @description Units of a whole period that cost nothing
                     * @example 10000
                     */
                    includedUnits: string;
                    /** @description What the usage of a period costs at least */
                    minimum?: string;
                    /** @description What the usage of a period costs at most */
                    maximum?: string;
                    /** @description Id of the meter */
                    meter: string;
                } | {
                    /** @constant */
                    model: "percentage";
                    /**
                     * @description Of the sum of the period
                     * @example 2.9
                     */
                    percent: string;
                    fixedPerEvent: string;
                    /**
                     * @description Units of a whole period that cost nothing
                     * @example 10000
                     */
                    includedUnits: string;
                    /** @description What the usage of a period costs at least */
                    minimum?: string;
                    /** @description What the usage of a period costs at most */
                    maximum?: string;
                    /** @description Id of the meter */
                    meter: string;
                } | {
                    /** @constant */
                    model: "by_dimension";
                    /**
                     * @description By which the meter groups
                     * @example [
                     *       "model"
                     *     ]
                     */
                    properties: string[];
                    cases: {
                        values: (string | number | boolean | null)[];
                        price: {
                            /** @constant */
                            model: "per_unit";
                            unitPrice: string;
                            /**
                             * @description Units of a whole period that cost nothing
                             * @example 10000
                             */
                            includedUnits: string;
                            /** @description What the usage of a period costs at least */
                            minimum?: string;
                            /** @description What the usage of a period costs at most */
                            maximum?: string;
                        } | {
                            /** @constant */
                            model: "package";
                            packageSize: string;
                            /** @description Of each started package */
                            packagePrice: string;
                            /**
                             * @description Units of a whole period that cost nothing
                             * @example 10000
                             */
                            includedUnits: string;
                            /** @description What the usage of a period costs at least */
                            minimum?: string;
                            /** @description What the usage of a period costs at most */
                            maximum?: string;
                        } | {
                            /** @constant */
                            model: "graduated";
                            tiers: {
                                /** @description Up to and including; null for the last tier, and for no other */
                                upTo: string | null;
                                unitPrice: string;
                                flatFee: string;
                            }[];
                            /**
                             * @description Units of a whole period that cost nothing
                             * @example 10000
                             */
                            includedUnits: string;
                            /** @description What the usage of a period costs at least */
                            minimum?: string;
                            /** @description What the usage of a period costs at most */
                            maximum?: string;
                        } | {
                            /** @constant */
                            model: "volume";
                            tiers: {
                                /** @description Up to and including; null for the last tier, and for no other */
                                upTo: string | null;
                                unitPrice: string;
                                flatFee: string;
                            }[];
                            /**
                             * @description Units of a whole period that cost nothing
                             * @example 10000
                             */
                            includedUnits: string;
                            /** @description What the usage of a period costs at least */
                            minimum?: string;
                            /** @description What the usage of a period costs at most */
                            maximum?: string;
                        } | {
                            /** @constant */
                            model: "percentage";
                            /**
                             * @description Of the sum of the period
                             * @example 2.9
                             */
                            percent: string;
                            fixedPerEvent: string;
                            /**
                             * @description Units of a whole period that cost nothing
                             * @example 10000
                             */
                            includedUnits: string;
                            /** @description What the usage of a period costs at least */
                            minimum?: string;
                            /** @description What the usage of a period costs at most */
                            maximum?: string;
                        };
                    }[];
                    /** @description For all other values, taken as one */
                    otherwise: {
                        /** @constant */
                        model: "per_unit";
                        unitPrice: string;
                        /**
                         * @description Units of a whole period that cost nothing
                         * @example 10000
                         */
                        includedUnits: string;
                        /** @description What the usage of a period costs at least */
                        minimum?: string;
                        /** @description What the usage of a period costs at most */
                        maximum?: string;
                    } | {
                        /** @constant */
                        model: "package";
                        packageSize: string;
                        /** @description Of each started package */
                        packagePrice: string;
                        /**
                         * @description Units of a whole period that cost nothing
                         * @example 10000
                         */
                        includedUnits: string;
                        /** @description What the usage of a period costs at least */
                        minimum?: string;
                        /** @description What the usage of a period costs at most */
                        maximum?: string;
                    } | {
                        /** @constant */
                        model: "graduated";
                        tiers: {
                            /** @description Up to and including; null for the last tier, and for no other */
                            upTo: string | null;
                            unitPrice: string;
                            flatFee: string;
                        }[];
                        /**
                         * @description Units of a whole period that cost nothing
                         * @example 10000
                         */
                        includedUnits: string;
                        /** @description What the usage of a period costs at least */
                        minimum?: string;
                        /** @description What the usage of a period costs at most */
                        maximum?: string;
                    } | {
                        /** @constant */
                        model: "volume";
                        tiers: {
                            /** @description Up to and including; null for the last tier, and for no other */
                            upTo: string | null;
                            unitPrice: string;
                            flatFee: string;
                        }[];
                        /**
                         * @description Units of a whole period that cost nothing
                         * @example 10000
                         */
                        includedUnits: string;
                        /** @description What the usage of a period costs at least */
                        minimum?: string;
                        /** @description What the usage of a period costs at most */
                        maximum?: string;
                    } | {
                        /** @constant */
                        model: "percentage";
                        /**
                         * @description Of the sum of the period
                         * @example 2.9
                         */
                        percent: string;
                        fixedPerEvent: string;
                        /**
                         * @description Units of a whole period that cost nothing
                         * @example 10000
                         */
                        includedUnits: string;
                        /** @description What the usage of a period costs at least */
                        minimum?: string;
                        /** @description What the usage of a period costs at most */
                        maximum?: string;
                    };
                    /** @description Id of the meter */
                    meter: string;
                })[];
            } | null;
            /** @enum {string} */
            status: "trialing" | "active" | "paused" | "suspended" | "canceled";
            /** @enum {string} */
            anchor: "day" | "instant" | "calendar";
            /** @description The civil time that all periods are counted from */
            anchorLocal: string;
            timeZone: string;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            startedAt: string;
            cancelAt: string | null;
            endedAt: string | null;
            /** @description Why billing has stopped until a person has looked */
            parkedReason: string | null;
            /** @description Usage that comes to so much is billed at once */
            spendThresholdMinor: string | null;
            trialEndsAt: string | null;
            /** @description What it will be sold as instead, and from when on */
            scheduledChange: {
                /**
                 * @description An instant, ISO 8601 in UTC
                 * @example 2026-03-01T00:00:00.000Z
                 */
                at: string;
                plan: string;
                planVersion: number;
                quantity: string;
                overrides: {
                    basePrice?: string;
                    minimum?: string;
                    prices: ({
                        /** @constant */
                        model: "per_unit";
                        unitPrice: string;
                        /**
                         * @description Units of a whole period that cost nothing
                         * @example 10000
                         */
                        includedUnits: string;
                        /** @description What the usage of a period costs at least */
                        minimum?: string;
                        /** @description What the usage of a period costs at most */
                        maximum?: string;
                        /** @description Id of the meter */
                        meter: string;
                    } | {
                        /** @constant */
                        model: "package";
                        packageSize: string;
                        /** @description Of each started package */
                        packagePrice: string;
                        /**
                         * @description Units of a whole period that cost nothing
                         * @example 10000
                         */
                        includedUnits: string;
                        /** @description What the usage of a period costs at least */
                        minimum?: string;
                        /** @description What the usage of a period costs at most */
                        maximum?: string;
                        /** @description Id of the meter */
                        meter: string;
                    } | {
                        /** @constant */
                        model: "graduated";
                        tiers: {
                            /** @description Up to and including; null for the last tier, and for no other */
                            upTo: string | null;
                            unitPrice: string;
                            flatFee: string;
                        }[];
                        /**
                         * @description Units of a whole period that cost nothing
                         * @example 10000
                         */
                        includedUnits: string;
                        /** @description What the usage of a period costs at least */
                        minimum?: string;
                        /** @description What the usage of a period costs at most */
                        maximum?: string;
                        /** @description Id of the meter */
                        meter: string;
                    } | {
                        /** @constant */
                        model: "volume";
                        tiers: {
                            /** @description Up to and including; null for the last tier, and for no other */
                            upTo: string | null;
                            unitPrice: string;
                            flatFee: string;
                        }[];
                        /**
                         * @description Units of a whole period that cost nothing
                         * @example 10000
                         */
                        includedUnits: string;
                        /** @description What the usage of a period costs at least */
                        minimum?: string;
                        /** @description What the usage of a period costs at most */
                        maximum?: string;
                        /** @description Id of the meter */
                        meter: string;
                    } | {
                        /** @constant */
                        model: "percentage";
                        /**
                         * @description Of the sum of the period
                         * @example 2.9
                         */
                        percent: string;
                        fixedPerEvent: string;
                        /**
                         * @description Units of a whole period that cost nothing
                         * @example 10000
                         */
                        includedUnits: string;
                        /** @description What the usage of a period costs at least */
                        minimum?: string;
                        /** @description What the usage of a period costs at most */
                        maximum?: string;
                        /** @description Id of the meter */
                        meter: string;
                    } | {
                        /** @constant */
                        model: "by_dimension";
                        /**
                         * @description By which the meter groups
                         * @example [
                         *       "model"
                         *     ]
                         */
                        properties: string[];
                        cases: {
                            values: (string | number | boolean | null)[];
                            price: {
                                /** @constant */
                                model: "per_unit";
                                unitPrice: string;
                                /**
                                 * @description Units of a whole period that cost nothing
                                 * @example 10000
                                 */
                                includedUnits: string;
                                /** @description What the usage of a period costs at least */
                                minimum?: string;
                                /** @description What the usage of a period costs at most */
                                maximum?: string;
                            } | {
                                /** @constant */
                                model: "package";
                                packageSize: string;
                                /** @description Of each started package */
                                packagePrice: string;
                                /**
                                 * @description Units of a whole period that cost nothing
                                 * @example 10000
                                 */
                                includedUnits: string;
                                /** @description What the usage of a period costs at least */
                                minimum?: string;
                                /** @description What the usage of a period costs at most */
                                maximum?: string;
                            } | {
                                /** @constant */
                                model: "graduated";
                                tiers: {
                                    /** @description Up to and including; null for the last tier, and for no other */
                                    upTo: string | null;
                                    unitPrice: string;
                                    flatFee: string;
                                }[];
                                /**
                                 * @description Units of a whole period that cost nothing
                                 * @example 10000
                                 */
                                includedUnits: string;
                                /** @description What the usage of a period costs at least */
                                minimum?: string;
                                /** @description What the usage of a period costs at most */
                                maximum?: string;
                            } | {
                                /** @constant */
                                model: "volume";
                                tiers: {
                                    /** @description Up to and including; null for the last tier, and for no other */
                                    upTo: string | null;
                                    unitPrice: string;
                                    flatFee: string;
                                }[];
                                /**
                                 * @description Units of a whole period that cost nothing
                                 * @example 10000
                                 */
                                includedUnits: string;
                                /** @description What the usage of a period costs at least */
                                minimum?: string;
                                /** @description What the usage of a period costs at most */
                                maximum?: string;
                            } | {
                                /** @constant */
                                model: "percentage";
                                /**
                                 * @description Of the sum of the period
                                 * @example 2.9
                                 */
                                percent: string;
                                fixedPerEvent: string;
                                /**
                                 * @description Units of a whole period that cost nothing
                                 * @example 10000
                                 */
                                includedUnits: string;
                                /** @description What the usage of a period costs at least */
                                minimum?: string;
                                /** @description What the usage of a period costs at most */
                                maximum?: string;
                            };
                        }[];
                        /** @description For all other values, taken as one */
                        otherwise: {
                            /** @constant */
                            model: "per_unit";
                            unitPrice: string;
                            /**
                             * @description Units of a whole period that cost nothing
                             * @example 10000
                             */
                            includedUnits: string;
                            /** @description What the usage of a period costs at least */
                            minimum?: string;
                            /** @description What the usage of a period costs at most */
                            maximum?: string;
                        } | {
                            /** @constant */
                            model: "package";
                            packageSize: string;
                            /** @description Of each started package */
                            packagePrice: string;
                            /**
                             * @description Units of a whole period that cost nothing
                             * @example 10000
                             */
                            includedUnits: string;
                            /** @description What the usage of a period costs at least */
                            minimum?: string;
                            /** @description What the usage of a period costs at most */
                            maximum?: string;
                        } | {
                            /** @constant */
                            model: "graduated";
                            tiers: {
                                /** @description Up to and including; null for the last tier, and for no other */
                                upTo: string | null;
                                unitPrice: string;
                                flatFee: string;
                            }[];
                            /**
                             * @description Units of a whole period that cost nothing
                             * @example 10000
                             */
                            includedUnits: string;
                            /** @description What the usage of a period costs at least */
                            minimum?: string;
                            /** @description What the usage of a period costs at most */
                            maximum?: string;
                        } | {
                            /** @constant */
                            model: "volume";
                            tiers: {
                                /** @description Up to and including; null for the last tier, and for no other */
                                upTo: string | null;
                                unitPrice: string;
                                flatFee: string;
                            }[];
                            /**
                             * @description Units of a whole period that cost nothing
                             * @example 10000
                             */
                            includedUnits: string;
                            /** @description What the usage of a period costs at least */
                            minimum?: string;
                            /** @description What the usage of a period costs at most */
                            maximum?: string;
                        } | {
                            /** @constant */
                            model: "percentage";
                            /**
                             * @description Of the sum of the period
                             * @example 2.9
                             */
                            percent: string;
                            fixedPerEvent: string;
                            /**
                             * @description Units of a whole period that cost nothing
                             * @example 10000
                             */
                            includedUnits: string;
                            /** @description What the usage of a period costs at least */
                            minimum?: string;
                            /** @description What the usage of a period costs at most */
                            maximum?: string;
                        };
                        /** @description Id of the meter */
                        meter: string;
                    })[];
                } | null;
            } | null;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            createdAt: string;
        };
        SubscriptionWithPeriodsInput: {
            id: string;
            customerId: string;
            plan: string;
            planId: string;
            planVersion: number;
            /** @enum {string} */
            cycle: "day" | "week" | "month" | "quarter" | "year";
            /** @description How often the base price is due */
            quantity: string;
            /** @description Prices for this subscription alone; null: those of the plan */
            overrides: {
                basePrice?: string;
                minimum?: string;
                prices: ({
                    /** @constant */
                    model: "per_unit";
                    unitPrice: string;
                    /**
                     * @description Units of a whole period that cost nothing
                     * @example 10000
                     */
                    includedUnits: string;
                    /** @description What the usage of a period costs at least */
                    minimum?: string;
                    /** @description What the usage of a period costs at most */
                    maximum?: string;
                    /** @description Id of the meter */
                    meter: string;
                } | {
                    /** @constant */
                    model: "package";
                    packageSize: string;
                    /** @description Of each started package */
                    packagePrice: string;
                    /**
                     * @description Units of a whole period that cost nothing
                     * @example 10000
                     */
                    includedUnits: string;
                    /** @description What the usage of a period costs at least */
                    minimum?: string;
                    /** @description What the usage of a period costs at most */
                    maximum?: string;
                    /** @description Id of the meter */
                    meter: string;
                } | {
                    /** @constant */
                    model: "graduated";
                    tiers: {
                        /** @description Up to and including; null for the last tier, and for no other */
                        upTo: string | null;
                        unitPrice: string;
                        flatFee: string;
                    }[];
                    /**
                     * @description Units of a whole period that cost nothing
                     * @example 10000
                     */
                    includedUnits: string;
                    /** @description What the usage of a period costs at least */
                    minimum?: string;
                    /** @description What the usage of a period costs at most */
                    maximum?: string;
                    /** @description Id of the meter */
                    meter: string;
                } | {
                    /** @constant */
                    model: "volume";
                    tiers: {
                        /** @description Up to and including; null for the last tier, and for no other */
                        upTo: string | null;
                        unitPrice: string;
                        flatFee: string;
                    }[];
                    /**
                     * @description Units of a whole period that cost nothing
                     * @example 10000
                     */
                    includedUnits: string;
                    /** @description What the usage of a period costs at least */
                    minimum?: string;
                    /** @description What the usage of a period costs at most */
                    maximum?: string;
                    /** @description Id of the meter */
                    meter: string;
                } | {
                    /** @constant */
                    model: "percentage";
                    /**
                     * @description Of the sum of the period
                     * @example 2.9
                     */
                    percent: string;
                    fixedPerEvent: string;
                    /**
                     * @description Units of a whole period that cost nothing
                     * @example 10000
                     */
                    includedUnits: string;
                    /** @description What the usage of a period costs at least */
                    minimum?: string;
                    /** @description What the usage of a period costs at most */
                    maximum?: string;
                    /** @description Id of the meter */
                    meter: string;
                } | {
                    /** @constant */
                    model: "by_dimension";
                    /**
                     * @description By which the meter groups
                     * @example [
                     *       "model"
                     *     ]
                     */
                    properties: string[];
                    cases: {
                        values: (string | number | boolean | null)[];
                        price: {
                            /** @constant */
                            model: "per_unit";
                            unitPrice: string;
                            /**
                             * @description Units of a whole period that cost nothing
                             * @example 10000
                             */
                            includedUnits: string;
                            /** @description What the usage of a period costs at least */
                            minimum?: string;
                            /** @description What the usage of a period costs at most */
                            maximum?: string;
                        } | {
                            /** @constant */
                            model: "package";
                            packageSize: string;
                            /** @description Of each started package */
                            packagePrice: string;
                            /**
                             * @description Units of a whole period that cost nothing
                             * @example 10000
                             */
                            includedUnits: string;
                            /** @description What the usage of a period costs at least */
                            minimum?: string;
                            /** @description What the usage of a period costs at most */
                            maximum?: string;
                        } | {
                            /** @constant */
                            model: "graduated";
                            tiers: {
                                /** @description Up to and including; null for the last tier, and for no other */
                                upTo: string | null;
                                unitPrice: string;
                                flatFee: string;
                            }[];
                            /**
                             * @description Units of a whole period that cost nothing
                             * @example 10000
                             */
                            includedUnits: string;
                            /** @description What the usage of a period costs at least */
                            minimum?: string;
                            /** @description What the usage of a period costs at most */
                            maximum?: string;
                        } | {
                            /** @constant */
                            model: "volume";
                            tiers: {
                                /** @description Up to and including; null for the last tier, and for no other */
                                upTo: string | null;
                                unitPrice: string;
                                flatFee: string;
                            }[];
                            /**
                             * @description Units of a whole period that cost nothing
                             * @example 10000
                             */
                            includedUnits: string;
                            /** @description What the usage of a period costs at least */
                            minimum?: string;
                            /** @description What the usage of a period costs at most */
                            maximum?: string;
                        } | {
                            /** @constant */
                            model: "percentage";
                            /**
                             * @description Of the sum of the period
                             * @example 2.9
                             */
                            percent: string;
                            fixedPerEvent: string;
                            /**
                             * @description Units of a whole period that cost nothing
                             * @example 10000
                             */
                            includedUnits: string;
                            /** @description What the usage of a period costs at least */
                            minimum?: string;
                            /** @description What the usage of a period costs at most */
                            maximum?: string;
                        };
                    }[];
                    /** @description For all other values, taken as one */
                    otherwise: {
                        /** @constant */
                        model: "per_unit";
                        unitPrice: string;
                        /**
                         * @description Units of a whole period that cost nothing
                         * @example 10000
                         */
                        includedUnits: string;
                        /** @description What the usage of a period costs at least */
                        minimum?: string;
                        /** @description What the usage of a period costs at most */
                        maximum?: string;
                    } | {
                        /** @constant */
                        model: "package";
                        packageSize: string;
                        /** @description Of each started package */
                        packagePrice: string;
                        /**
                         * @description Units of a whole period that cost nothing
                         * @example 10000
                         */
                        includedUnits: string;
                        /** @description What the usage of a period costs at least */
                        minimum?: string;
                        /** @description What the usage of a period costs at most */
                        maximum?: string;
                    } | {
                        /** @constant */
                        model: "graduated";
                        tiers: {
                            /** @description Up to and including; null for the last tier, and for no other */
                            upTo: string | null;
                            unitPrice: string;
                            flatFee: string;
                        }[];
                        /**
                         * @description Units of a whole period that cost nothing
                         * @example 10000
                         */
                        includedUnits: string;
                        /** @description What the usage of a period costs at least */
                        minimum?: string;
                        /** @description What the usage of a period costs at most */
                        maximum?: string;
                    } | {
                        /** @constant */
                        model: "volume";
                        tiers: {
                            /** @description Up to and including; null for the last tier, and for no other */
                            upTo: string | null;
                            unitPrice: string;
                            flatFee: string;
                        }[];
                        /**
                         * @description Units of a whole period that cost nothing
                         * @example 10000
                         */
                        includedUnits: string;
                        /** @description What the usage of a period costs at least */
                        minimum?: string;
                        /** @description What the usage of a period costs at most */
                        maximum?: string;
                    } | {
                        /** @constant */
                        model: "percentage";
                        /**
                         * @description Of the sum of the period
                         * @example 2.9
                         */
                        percent: string;
                        fixedPerEvent: string;
                        /**
                         * @description Units of a whole period that cost nothing
                         * @example 10000
                         */
                        includedUnits: string;
                        /** @description What the usage of a period costs at least */
                        minimum?: string;
                        /** @description What the usage of a period costs at most */
                        maximum?: string;
                    };
                    /** @description Id of the meter */
                    meter: string;
                })[];
            } | null;
            /** @enum {string} */
            status: "trialing" | "active" | "paused" | "suspended" | "canceled";
            /** @enum {string} */
            anchor: "day" | "instant" | "calendar";
            /** @description The civil time that all periods are counted from */
            anchorLocal: string;
            timeZone: string;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            startedAt: string;
            cancelAt: string | null;
            endedAt: string | null;
            /** @description Why billing has stopped until a person has looked */
            parkedReason: string | null;
            /** @description Usage that comes to so much is billed at once */
            spendThresholdMinor: string | null;
            trialEndsAt: string | null;
            /** @description What it will be sold as instead, and from when on */
            scheduledChange: {
                /**
                 * @description An instant, ISO 8601 in UTC
                 * @example 2026-03-01T00:00:00.000Z
                 */
                at: string;
                plan: string;
                planVersion: number;
                quantity: string;
                overrides: {
                    basePrice?: string;
                    minimum?: string;
                    prices: ({
                        /** @constant */
                        model: "per_unit";
                        unitPrice: string;
                        /**
                         * @description Units of a whole period that cost nothing
                         * @example 10000
                         */
                        includedUnits: string;
                        /** @description What the usage of a period costs at least */
                        minimum?: string;
                        /** @description What the usage of a period costs at most */
                        maximum?: string;
                        /** @description Id of the meter */
                        meter: string;
                    } | {
                        /** @constant */
                        model: "package";
                        packageSize: string;
                        /** @description Of each started package */
                        packagePrice: string;
                        /**
                         * @description Units of a whole period that cost nothing
                         * @example 10000
                         */
                        includedUnits: string;
                        /** @description What the usage of a period costs at least */
                        minimum?: string;
                        /** @description What the usage of a period costs at most */
                        maximum?: string;
                        /** @description Id of the meter */
                        meter: string;
                    } | {
                        /** @constant */
                        model: "graduated";
                        tiers: {
                            /** @description Up to and including; null for the last tier, and for no other */
                            upTo: string | null;
                            unitPrice: string;
                            flatFee: string;
                        }[];
                        /**
                         * @description Units of a whole period that cost nothing
                         * @example 10000
                         */
                        includedUnits: string;
                        /** @description What the usage of a period costs at least */
                        minimum?: string;
                        /** @description What the usage of a period costs at most */
                        maximum?: string;
                        /** @description Id of the meter */
                        meter: string;
                    } | {
                        /** @constant */
                        model: "volume";
                        tiers: {
                            /** @description Up to and including; null for the last tier, and for no other */
                            upTo: string | null;
                            unitPrice: string;
                            flatFee: string;
                        }[];
                        /**
                         * @description Units of a whole period that cost nothing
                         * @example 10000
                         */
                        includedUnits: string;
                        /** @description What the usage of a period costs at least */
                        minimum?: string;
                        /** @description What the usage of a period costs at most */
                        maximum?: string;
                        /** @description Id of the meter */
                        meter: string;
                    } | {
                        /** @constant */
                        model: "percentage";
                        /**
                         * @description Of the sum of the period
                         * @example 2.9
                         */
                        percent: string;
                        fixedPerEvent: string;
                        /**
                         * @description Units of a whole period that cost nothing
                         * @example 10000
                         */
                        includedUnits: string;
                        /** @description What the usage of a period costs at least */
                        minimum?: string;
                        /** @description What the usage of a period costs at most */
                        maximum?: string;
                        /** @description Id of the meter */
                        meter: string;
                    } | {
                        /** @constant */
                        model: "by_dimension";
                        /**
                         * @description By which the meter groups
                         * @example [
                         *       "model"
                         *     ]
                         */
                        properties: string[];
                        cases: {
                            values: (string | number | boolean | null)[];
                            price: {
                                /** @constant */
                                model: "per_unit";
                                unitPrice: string;
                                /**
                                 * @description Units of a whole period that cost nothing
                                 * @example 10000
                                 */
                                includedUnits: string;
                                /** @description What the usage of a period costs at least */
                                minimum?: string;
                                /** @description What the usage of a period costs at most */
                                maximum?: string;
                            } | {
                                /** @constant */
                                model: "package";
                                packageSize: string;
                                /** @description Of each started package */
                                packagePrice: string;
                                /**
                                 * @description Units of a whole period that cost nothing
                                 * @example 10000
                                 */
                                includedUnits: string;
                                /** @description What the usage of a period costs at least */
                                minimum?: string;
                                /** @description What the usage of a period costs at most */
                                maximum?: string;
                            } | {
                                /** @constant */
                                model: "graduated";
                                tiers: {
                                    /** @description Up to and including; null for the last tier, and for no other */
                                    upTo: string | null;
                                    unitPrice: string;
                                    flatFee: string;
                                }[];
                                /**
                                 * @description Units of a whole period that cost nothing
                                 * @example 10000
                                 */
                                includedUnits: string;
                                /** @description What the usage of a period costs at least */
                                minimum?: string;
                                /** @description What the usage of a period costs at most */
                                maximum?: string;
                            } | {
                                /** @constant */
                                model: "volume";
                                tiers: {
                                    /** @description Up to and including; null for the last tier, and for no other */
                                    upTo: string | null;
                                    unitPrice: string;
                                    flatFee: string;
                                }[];
                                /**
                                 * @description Units of a whole period that cost nothing
                                 * @example 10000
                                 */
                                includedUnits: string;
                                /** @description What the usage of a period costs at least */
                                minimum?: string;
                                /** @description What the usage of a period costs at most */
                                maximum?: string;
                            } | {
                                /** @constant */
                                model: "percentage";
                                /**
                                 * @description Of the sum of the period
                                 * @example 2.9
                                 */
                                percent: string;
                                fixedPerEvent: string;
                                /**
                                 * @description Units of a whole period that cost nothing
                                 * @example 10000
                                 */
                                includedUnits: string;
                                /** @description What the usage of a period costs at least */
                                minimum?: string;
                                /** @description What the usage of a period costs at most */
                                maximum?: string;
                            };
                        }[];
                        /** @description For all other values, taken as one */
                        otherwise: {
                            /** @constant */
                            model: "per_unit";
                            unitPrice: string;
                            /**
                             * @description Units of a whole period that cost nothing
                             * @example 10000
                             */
                            includedUnits: string;
                            /** @description What the usage of a period costs at least */
                            minimum?: string;
                            /** @description What the usage of a period costs at most */
                            maximum?: string;
                        } | {
                            /** @constant */
                            model: "package";
                            packageSize: string;
                            /** @description Of each started package */
                            packagePrice: string;
                            /**
                             * @description Units of a whole period that cost nothing
                             * @example 10000
                             */
                            includedUnits: string;
                            /** @description What the usage of a period costs at least */
                            minimum?: string;
                            /** @description What the usage of a period costs at most */
                            maximum?: string;
                        } | {
                            /** @constant */
                            model: "graduated";
                            tiers: {
                                /** @description Up to and including; null for the last tier, and for no other */
                                upTo: string | null;
                                unitPrice: string;
                                flatFee: string;
                            }[];
                            /**
                             * @description Units of a whole period that cost nothing
                             * @example 10000
                             */
                            includedUnits: string;
                            /** @description What the usage of a period costs at least */
                            minimum?: string;
                            /** @description What the usage of a period costs at most */
                            maximum?: string;
                        } | {
                            /** @constant */
                            model: "volume";
                            tiers: {
                                /** @description Up to and including; null for the last tier, and for no other */
                                upTo: string | null;
                                unitPrice: string;
                                flatFee: string;
                            }[];
                            /**
                             * @description Units of a whole period that cost nothing
                             * @example 10000
                             */
                            includedUnits: string;
                            /** @description What the usage of a period costs at least */
                            minimum?: string;
                            /** @description What the usage of a period costs at most */
                            maximum?: string;
                        } | {
                            /** @constant */
                            model: "percentage";
                            /**
                             * @description Of the sum of the period
                             * @example 2.9
                             */
                            percent: string;
                            fixedPerEvent: string;
                            /**
                             * @description Units of a whole period that cost nothing
                             * @example 10000
                             */
                            includedUnits: string;
                            /** @description What the usage of a period costs at least */
                            minimum?: string;
                            /** @description What the usage of a period costs at most */
                            maximum?: string;
                        };
                        /** @description Id of the meter */
                        meter: string;
                    })[];
                } | null;
            } | null;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            createdAt: string;
            /** @description The newest first, at most 100 */
            periods: {
                periodNo: number;
                /**
                 * @description An instant, ISO 8601 in UTC
                 * @example 2026-03-01T00:00:00.000Z
                 */
                start: string;
                /**
                 * @description An instant, ISO 8601 in UTC
                 * @example 2026-03-01T00:00:00.000Z
                 */
                end: string;
                /** @enum {string} */
                state: "open" | "closed" | "invoiced";
                /** @description False in a trial and a pause */
                isBilled: boolean;
            }[];
        };
        ChangePreviewInput: {
            /**
             * @description When the change would hold
             * @example 2026-03-01T00:00:00.000Z
             */
            at: string;
            /** @description The period under way, as it is sold; null: it is not billed */
            before: components["schemas"]["InvoicePreviewInput"] | null;
            /** @description The same, as it would be sold */
            after: components["schemas"]["InvoicePreviewInput"] | null;
            /** @description Of the totals; null between two currencies */
            differenceMinor: string | null;
        };
        OverviewInput: {
            /**
             * @description The environment's time
             * @example 2026-03-01T00:00:00.000Z
             */
            now: string;
            usage: {
                /**
                 * @description What was committed before is counted
                 * @example 2026-03-01T00:00:00.000Z
                 */
                asOf: string;
                lagSeconds: number;
                hasEvents: boolean;
            };
            /** @description Base prices of active subscriptions a month, by currency */
            monthlyRecurring: {
                currency: string;
                amountMinor: string;
                /**
                 * @description In the major unit
                 * @example 120.00
                 */
                amount: string;
                subscriptions: number;
            }[];
            subscriptions: {
                byStatus: {
                    [key: string]: number;
                };
                /** @description Whose billing was stopped and waits for somebody */
                parked: number;
            };
            /** @description Finalized in this month and the five before, in UTC */
            revenue: {
                currency: string;
                amountMinor: string;
                /**
                 * @description In the major unit
                 * @example 120.00
                 */
                amount: string;
                /**
                 * @description An instant, ISO 8601 in UTC
                 * @example 2026-03-01T00:00:00.000Z
                 */
                month: string;
                invoices: number;
            }[];
            /** @description Who was invoiced most in these months */
            topCustomers: {
                currency: string;
                amountMinor: string;
                /**
                 * @description In the major unit
                 * @example 120.00
                 */
                amount: string;
                customerId: string;
                name: string;
            }[];
            /** @description Finalized and not paid, by currency */
            owed: {
                currency: string;
                amountMinor: string;
                /**
                 * @description In the major unit
                 * @example 120.00
                 */
                amount: string;
                invoices: number;
                failed: number;
                overdue: number;
                overdueMinor: string;
            }[];
            hasInvoices: boolean;
            webhooks: {
                endpoints: number;
                /** @description Not by hand */
                disabled: number;
                failing: number;
                /** @description Deliveries that wait; counted up to 10,000 */
                pending: number;
                /** @description Those that are failing, or were disabled and not by hand */
                troubled: {
                    id: string;
                    url: string;
                    /** @enum {string} */
                    trouble: "failing" | "disabled";
                }[];
            };
            /** @description Triggers of which Stripe refused something that waits for somebody, and how much; counted up to 10,000 */
            refusedByStripe: {
                triggerId: string;
                refused: number;
            }[];
        };
        AutoTopUpInput: {
            id: string;
            customerId: string;
            /** @description Null: money */
            meterId: string | null;
            currency: string;
            /** @description Units, or minor units of money, like `amount` */
            below: string;
            amount: string;
            priceMinor: string;
            price: string;
            /** @description After one that failed */
            pausedUntil: string | null;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            createdAt: string;
        };
        CollectionSettingsInput: {
            /**
             * @description `automatic` charges invoices when they are finalized; `manual` waits for somebody
             * @enum {string}
             */
            collection: "automatic" | "manual";
            /** @description Days from each failed attempt to the next. When they are used up the invoice has failed and its subscription is suspended */
            retryAfterDays: number[];
        };
        DisputeInput: {
            /** @description What the provider calls it */
            id: string;
            paymentId: string;
            amountMinor: string;
            amount: string;
            currency: string;
            /** @description In the words of the provider */
            reason: string;
            /**
             * @description `won`: you keep the money; `lost`: the customer has it; `closed`: none moved
             * @enum {string}
             */
            status: "open" | "won" | "lost" | "closed";
            /** @description Until when the provider takes evidence */
            evidenceDueAt: string | null;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            openedAt: string;
            closedAt: string | null;
        };
        PaymentInput: {
            id: string;
            /** @enum {string} */
            kind: "charge" | "refund";
            /**
             * @description Begun by the schedule of the environment, or by a request
             * @enum {string}
             */
            origin: "schedule" | "request";
            invoiceId: string;
            customerId: string;
            /** @description Null: the customer had no payment method */
            provider: ("manual" | "test" | "stripe") | null;
            paymentMethodId: string | null;
            refundOf: string | null;
            amountMinor: string;
            amount: string;
            currency: string;
            /** @enum {string} */
            status: "pending" | "action_required" | "succeeded" | "failed" | "canceled";
            failureCode: string | null;
            /** @description It was ended by hand and has taken money that its invoice is not owed: it is to be given back */
            surplus: boolean;
            /** @description What the provider calls it */
            providerRef: string | null;
            /** @description Where the customer does what the payment waits for */
            actionUrl: string | null;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            createdAt: string;
            settledAt: string | null;
        };
        PaymentMethodInput: {
            id: string;
            customerId: string;
            /** @enum {string} */
            provider: "test" | "stripe";
            token: string;
            /** @description What people call it, like `Visa •••• 4242` */
            label: string;
            /** @description The last month of a card, like `2030-04` */
            expiresOn: string | null;
            /** @description Invoices are collected with it */
            isDefault: boolean;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            attachedAt: string;
        };
        ListedPaymentInput: {
            id: string;
            /** @enum {string} */
            kind: "charge" | "refund";
            /**
             * @description Begun by the schedule of the environment, or by a request
             * @enum {string}
             */
            origin: "schedule" | "request";
            invoiceId: string;
            customerId: string;
            /** @description Null: the customer had no payment method */
            provider: ("manual" | "test" | "stripe") | null;
            paymentMethodId: string | null;
            refundOf: string | null;
            amountMinor: string;
            amount: string;
            currency: string;
            /** @enum {string} */
            status: "pending" | "action_required" | "succeeded" | "failed" | "canceled";
            failureCode: string | null;
            /** @description It was ended by hand and has taken money that its invoice is not owed: it is to be given back */
            surplus: boolean;
            /** @description What the provider calls it */
            providerRef: string | null;
            /** @description Where the customer does what the payment waits for */
            actionUrl: string | null;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            createdAt: string;
            settledAt: string | null;
            invoiceNumber: string | null;
            /** @description What people call the payment method, like `Visa •••• 4242` */
            paymentMethodLabel: string | null;
            /** @description The newest first */
            disputes: components["schemas"]["DisputeInput"][];
        };
        /** @description What went wrong: `code` is for programs, `message` for people */
        ErrorInput: {
            error: {
                /** @example request.malformed */
                code: string;
                message: string;
                details: {
                    [key: string]: unknown;
                };
                /** @example req_01h455vb4pex5vsknk084sn02q */
                requestId: string;
                docs: string;
            };
        };
        PortalDocumentInput: {
            currency: string;
            number: string | null;
            issuedAt: string | null;
            dueAt: string | null;
            period: {
                /**
                 * @description An instant, ISO 8601 in UTC
                 * @example 2026-03-01T00:00:00.000Z
                 */
                start: string;
                /**
                 * @description An instant, ISO 8601 in UTC
                 * @example 2026-03-01T00:00:00.000Z
                 */
                end: string;
            } | null;
            lines: {
                description: string;
                /** @description Null: that of the document */
                period: {
                    /**
                     * @description An instant, ISO 8601 in UTC
                     * @example 2026-03-01T00:00:00.000Z
                     */
                    start: string;
                    /**
                     * @description An instant, ISO 8601 in UTC
                     * @example 2026-03-01T00:00:00.000Z
                     */
                    end: string;
                } | null;
                quantity: string | null;
                /** @description In the major unit */
                unitPrice: string | null;
                amountMinor: string;
            }[];
            /** @description In the order in which they are added up */
            sums: {
                kind: string;
                name: string;
                amountMinor: string;
            }[];
            note: string | null;
        };
        PortalLinkInput: {
            id: string;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            createdAt: string;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            expiresAt: string;
            returnUrl: string | null;
            allowPlanChange: boolean;
        };
        PortalSettingsInput: {
            accentColor: string | null;
            /** @description Keys of the plans that customers may change to by themselves */
            plans: string[];
        };
        PortalPlanInput: {
            key: string;
            name: string;
            currency: string;
            version: number;
            /** @description When it may be changed to */
            times: ("now" | "period_end")[];
            /** @enum {string} */
            cycle: "day" | "week" | "month" | "quarter" | "year";
            baseMinor: string;
            prices: {
                meter: string;
                unit: string;
                included: string;
                model: string;
                /** @description In the major unit; null where it is not one price */
                unitPrice: string | null;
            }[];
        };
        PortalSubscriptionInput: {
            id: string;
            /** @description Its name */
            plan: string;
            /** @enum {string} */
            status: "trialing" | "active" | "paused" | "suspended" | "canceled";
            /** @enum {string} */
            cycle: "day" | "week" | "month" | "quarter" | "year";
            periodStart: string | null;
            periodEnd: string | null;
            trialEndsAt: string | null;
            endsAt: string | null;
            /** @description What it will be instead, and from when on */
            planned: {
                /**
                 * @description An instant, ISO 8601 in UTC
                 * @example 2026-03-01T00:00:00.000Z
                 */
                at: string;
                plan: string;
            } | null;
            /** @description What the customer may change it to */
            choices: components["schemas"]["PortalPlanInput"][];
        };
        PortalSummaryInput: {
            customer: {
                /** @description Null: it was given none */
                name: string | null;
            };
            organization: {
                name: string;
                email: string | null;
                accentColor: string | null;
                hasLogo: boolean;
            };
            /** @description A language tag: how figures and days are written */
            language: string;
            timeZone: string;
            /** @description Nothing of it is charged in earnest */
            isTest: boolean;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            now: string;
            /**
             * @description When the link ends, in real time
             * @example 2026-03-01T00:00:00.000Z
             */
            expiresAt: string;
            returnUrl: string | null;
        };
        BillingSettingsInput: {
            /**
             * @description Who sends the invoices
             * @example CloudAI, Inc.
             */
            sellerName: string;
            /** @description Line by line */
            sellerAddress: string[];
            taxNumbers: string[];
            email: string | null;
            /**
             * @description Of customers who have none of their own
             * @enum {string}
             */
            language: "en" | "de" | "fr" | "es" | "it" | "pt" | "nl";
            /** @description In which the days on documents are counted */
            timeZone: string;
            /**
             * @description With {number} or {number:6}, and if you like {year} and {month}
             * @example INV-{number:6}
             */
            numberPattern: string;
            /**
             * @description The same for credit notes, which are numbered apart
             * @example CN-{number:6}
             */
            creditNotePattern: string;
            /** @description Below the sums, like terms of payment */
            note: string | null;
            hasLogo: boolean;
        };
        StripeConnectionInput: {
            accountId: string;
            apiKeyLastFour: string;
            /** @description Where Stripe is to send events: make an endpoint there with it */
            webhookUrl: string;
            /** @description What the endpoint at Stripe is to send */
            webhookEventTypes: string[];
            hasWebhookSecret: boolean;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            connectedAt: string;
            lastEvent: {
                /**
                 * @description An instant, ISO 8601 in UTC
                 * @example 2026-03-01T00:00:00.000Z
                 */
                at: string;
                type: string;
            } | null;
            /** @description The last call for which Stripe refused the key */
            lastError: {
                /**
                 * @description An instant, ISO 8601 in UTC
                 * @example 2026-03-01T00:00:00.000Z
                 */
                at: string;
                code: string;
            } | null;
        };
        StripeInvoiceInput: {
            invoiceId: string;
            triggerId: string;
            customerId: string;
            currency: string;
            /** @description What is due, to which its items at Stripe add up */
            amountMinor: string;
            amount: string;
            /**
             * @description `waiting`: Stripe has nothing of it. `sending`: it has none, some or all. `sent`: it has all. `paid`: Stripe was paid. `refused`: Stripe does not take it as it is. `withdrawing`: paid by hand or void here, to be taken back there. `withdrawn`: nothing of it is billed there
             * @enum {string}
             */
            state: "waiting" | "sending" | "sent" | "paid" | "refused" | "withdrawing" | "withdrawn";
            /** @description Why it waits or was refused: a word of ours, or the code of Stripe */
            reason: string | null;
            /** @description What Stripe said */
            reasonText: string | null;
            whatToDo: string | null;
            stripeCustomerId: string | null;
            /** @description The invoice that was made for it, or the one that its items came on */
            stripeInvoiceId: string | null;
            /** @description In the words of Stripe */
            stripeInvoiceStatus: string | null;
            attempts: number;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            createdAt: string;
            sentAt: string | null;
        };
        StripeTriggerInput: {
            id: string;
            /** @enum {string} */
            type: "stripe_usage" | "stripe_subscription" | "stripe_invoice";
            /** @description Key of the meter whose usage is told; null for `stripe_invoice` */
            meter: string | null;
            /** @description Of Stripe; nothing is told while another one is connected */
            accountId: string;
            priceId: string | null;
            /** @description Of `stripe_usage` */
            stripeMeterId: string | null;
            /** @description Of `stripe_usage` */
            eventName: string | null;
            /** @description Of `stripe_subscription` */
            prorationBehavior: ("none" | "create_prorations" | "always_invoice") | null;
            /** @description Of `stripe_invoice` */
            createInvoices: boolean | null;
            /** @description Of `stripe_invoice` that makes invoices */
            collectionMethod: ("charge_automatically" | "send_invoice") | null;
            /** @description Null for `stripe_invoice` */
            multiplier: string | null;
            createCustomers: boolean;
            /** @description Null for `stripe_invoice` */
            usageFrom: string | null;
            active: boolean;
            /** @description How many are in which state: records, or of `stripe_invoice` invoices, which have three states more */
            records: {
                waiting: number;
                sending: number;
                sent: number;
                refused: number;
                carried: number;
                paid?: number;
                withdrawing?: number;
                withdrawn?: number;
            };
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            createdAt: string;
        };
        StripeSyncRecordInput: {
            id: string;
            triggerId: string;
            customerId: string;
            /**
             * @description The hour of the usage; the time of the event at Stripe. Of `stripe_subscription`, when the period of the item began there
             * @example 2026-03-01T00:00:00.000Z
             */
            hour: string;
            /** @description In units of the meter; negative where usage was taken back */
            quantity: string;
            /** @description What Stripe is sent: a whole number. Of `stripe_subscription`, the quantity that is set: `quantity` times the multiplier, rounded up to a whole unit */
            value: string;
            /**
             * @description `waiting`: to be sent. `sending`: sent, and the answer is not known. `sent`: Stripe has it. `refused`: Stripe does not take it. `carried`: no whole unit yet, goes along with later usage
             * @enum {string}
             */
            state: "waiting" | "sending" | "sent" | "refused" | "carried";
            /** @description Why it waits or was refused: a word of ours, or the code of Stripe */
            reason: string | null;
            /** @description What Stripe said */
            reasonText: string | null;
            whatToDo: string | null;
            /** @description Of the event at Stripe, or what the idempotency keys of the calls begin with */
            identifier: string;
            stripeCustomerId: string | null;
            /** @description Whose quantity is set, of `stripe_subscription` */
            subscriptionItemId: string | null;
            attempts: number;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            createdAt: string;
            sentAt: string | null;
        };
        StripeReconciliationInput: {
            customerId: string;
            /** @description What was counted, in units of the meter */
            quantity: string;
            sent: string;
            /** @description Stripe may have it or not */
            sending: string;
            waiting: string;
            refused: string;
            /** @description Null: linked to no customer of Stripe */
            atStripe: string | null;
            /** @description `atStripe` − `sent` */
            difference: string | null;
        };
        SubscriptionAddOnInput: {
            id: string;
            subscriptionId: string;
            /** @description Key of the add-on */
            addOn: string;
            addOnId: string;
            quantity: string;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            from: string;
            /** @description Null: as long as the subscription */
            until: string | null;
        };
        ImportInput: {
            /** @description What its events carry as `importId` */
            id: string;
            source: string;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            from: string;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            to: string;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            createdAt: string;
            revertedAt: string | null;
        };
        InvoiceVerificationInput: {
            invoiceId: string;
            number: string | null;
            /** @enum {string} */
            kind: "period" | "advance" | "threshold" | "late" | "one_off";
            /** @description Whether nothing differs, neither of the invoice nor of the sums of its usage */
            verified: boolean;
            /** @description SHA-256 of what is said; null where nothing is said of it */
            digests: {
                stored: string | null;
                recomputed: string | null;
            };
            /** @description Events of transactions below this number were counted, and no others */
            usageBefore: string;
            lines: {
                lineNo: number;
                description: string;
                matches: boolean;
                /** @description SHA-256 of what is said; null where nothing is said of it */
                digests: {
                    stored: string | null;
                    recomputed: string | null;
                };
            }[];
            differences: {
                /** @enum {string} */
                where: "invoice" | "line" | "adjustment";
                /** @description Of a line */
                lineNo: number | null;
                /** @description Which discount, credit or tax */
                adjustment: {
                    kind: string;
                    ref: string;
                } | null;
                field: string;
                stored: string | null;
                recomputed: string | null;
            }[];
            /** @description Sums of usage that a recount of the events does not confirm, both as they are now. An invoice can be right all the same */
            rollUps: {
                meter: string;
                /**
                 * @description An instant, ISO 8601 in UTC
                 * @example 2026-03-01T00:00:00.000Z
                 */
                from: string;
                /**
                 * @description An instant, ISO 8601 in UTC
                 * @example 2026-03-01T00:00:00.000Z
                 */
                to: string;
                rollUp: {
                    events: string;
                    sum: string;
                    min: string | null;
                    max: string | null;
                    last: string | null;
                    uniques: string;
                };
                events: {
                    events: string;
                    sum: string;
                    min: string | null;
                    max: string | null;
                    last: string | null;
                    uniques: string;
                };
            }[];
        };
        WebhookDeliveryInput: {
            /** @example whd_01h455vb4pex5vsknk084sn02q */
            id: string;
            endpointId: string;
            /** @description Sent as `webhook-id` */
            factId: string;
            type: string;
            /** @enum {string} */
            state: "pending" | "delivered" | "failed";
            /** @description Since it was made or last replayed */
            attempts: number;
            nextAttemptAt: string | null;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            createdAt: string;
            endedAt: string | null;
        };
        WebhookAttemptInput: {
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            at: string;
            durationMs: number;
            /** @description null: no answer came */
            status: number | null;
            /** @description Why no answer came: unreachable, timeout, tls_failed, connection_lost, malformed */
            error: string | null;
            /** @description The first KiB of the answer */
            response: string | null;
        };
        WebhookEndpointInput: {
            /** @example we_01h455vb4pex5vsknk084sn02q */
            id: string;
            url: string;
            description: string;
            /** @description Empty: facts of all types */
            eventTypes: string[];
            /** @enum {string} */
            status: "enabled" | "disabled";
            /** @description `gone`: it answered 410; `failing`: it failed for five days */
            disabledReason: ("manual" | "gone" | "failing") | null;
            failingSince: string | null;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            createdAt: string;
        };
        FactInput: {
            /** @example fact_01h455vb4pex5vsknk084sn02q */
            id: string;
            type: string;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            at: string;
            data: {
                [key: string]: unknown;
            };
        };
        ApplicationProcessesInput: {
            data: components["schemas"]["ApplicationProcessInput"][];
        };
        LeasesInput: {
            results: (components["schemas"]["LeaseInput"] | components["schemas"]["LimitDecisionInput"] | {
                id: string;
                error: {
                    code: string;
                    message: string;
                };
            })[];
        };
        ReportAnswerInput: {
            /** @enum {string} */
            status: "recorded" | "duplicate";
        };
        EndpointWithPoliciesInput: {
            id: string;
            application: string;
            method: string | null;
            /** @description Null: all requests for which the framework had no route */
            route: string | null;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            firstSeenAt: string;
            /** @description When the framework last said that it has it, to the day */
            declaredAt: string | null;
            /** @description In traffic, to the minute */
            lastSeenAt: string | null;
            /** @description As its route is written, without those that are off; a path may fit a more specific one */
            policies: {
                id: string;
                key: string;
                name: string;
                /** @enum {string} */
                mode: "enforce" | "shadow" | "off";
                /** @description How many it has */
                limits: number;
                /** @description Whether it has a metering rule */
                meters: boolean;
            }[];
        };
        EndpointStatisticsInput: {
            endpoint: {
                id: string;
                application: string;
                method: string | null;
                /** @description Null: all requests for which the framework had no route */
                route: string | null;
                /**
                 * @description An instant, ISO 8601 in UTC
                 * @example 2026-03-01T00:00:00.000Z
                 */
                firstSeenAt: string;
                /** @description When the framework last said that it has it, to the day */
                declaredAt: string | null;
                /** @description In traffic, to the minute */
                lastSeenAt: string | null;
            };
            /**
             * @description When the first hour or minute that is in it began
             * @example 2026-03-01T00:00:00.000Z
             */
            from: string;
            /**
             * @description When the last one ends
             * @example 2026-03-01T00:00:00.000Z
             */
            to: string;
            /** @description Of all of them together */
            total: {
                requests: number;
                /** @description Requests that a metering rule covers, and for which no customer was known */
                unmetered: number;
                /**
                 * @description By the first digit
                 * @example {
                 *       "2xx": 98,
                 *       "5xx": 2
                 *     }
                 */
                statuses: {
                    [key: string]: number;
                };
                /** @description The share with a status of 500 or more; null without requests */
                errorRate: number | null;
                /** @description Milliseconds that so many of a hundred requests did not exceed, within 1.6 %; null where none was told */
                latencyMs: {
                    p50: number;
                    p95: number;
                    p99: number;
                } | null;
                requestBytes: number;
                responseBytes: number;
            };
            data: {
                /**
                 * @description An instant, ISO 8601 in UTC
                 * @example 2026-03-01T00:00:00.000Z
                 */
                startsAt: string;
                /** @description Of an hour: how many there were */
                customers: number;
                requests: number;
                /** @description Requests that a metering rule covers, and for which no customer was known */
                unmetered: number;
                /**
                 * @description By the first digit
                 * @example {
                 *       "2xx": 98,
                 *       "5xx": 2
                 *     }
                 */
                statuses: {
                    [key: string]: number;
                };
                /** @description The share with a status of 500 or more; null without requests */
                errorRate: number | null;
                /** @description Milliseconds that so many of a hundred requests did not exceed, within 1.6 %; null where none was told */
                latencyMs: {
                    p50: number;
                    p95: number;
                    p99: number;
                } | null;
                requestBytes: number;
                responseBytes: number;
            }[];
        };
        EndpointCustomersInput: {
            /**
             * @description When the first hour or minute that is in it began
             * @example 2026-03-01T00:00:00.000Z
             */
            from: string;
            /**
             * @description When the last one ends
             * @example 2026-03-01T00:00:00.000Z
             */
            to: string;
            data: {
                /** @description Null: nobody known, and those beyond 5,000 customers in an hour */
                customerId: string | null;
                requests: number;
                /** @description Requests that a metering rule covers, and for which no customer was known */
                unmetered: number;
                /**
                 * @description By the first digit
                 * @example {
                 *       "2xx": 98,
                 *       "5xx": 2
                 *     }
                 */
                statuses: {
                    [key: string]: number;
                };
                /** @description The share with a status of 500 or more; null without requests */
                errorRate: number | null;
                /** @description Milliseconds that so many of a hundred requests did not exceed, within 1.6 %; null where none was told */
                latencyMs: {
                    p50: number;
                    p95: number;
                    p99: number;
                } | null;
                requestBytes: number;
                responseBytes: number;
            }[];
        };
        ControlWarningsInput: {
            data: components["schemas"]["ControlWarningInput"][];
        };
        Credit: {
            id: string;
            customerId: string;
            /** @enum {string} */
            kind: "units" | "money";
            meterId: string | null;
            currency: string | null;
            meterIds: string[] | null;
            /** @description `units` of a meter, or `amountMinor` of money, in minor units */
            granted: {
                units?: string;
                amountMinor?: string;
            };
            /** @description `units` of a meter, or `amountMinor` of money, in minor units */
            left: {
                units?: string;
                amountMinor?: string;
            };
            lowAt: string | null;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            validFrom: string;
            validTo: string | null;
            priority: number;
            isPromotional: boolean;
            /** @enum {string} */
            source: "plan" | "manual" | "top_up" | "rollover" | "correction";
            name: string;
            subscriptionId: string | null;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            grantedAt: string;
            voidedAt: string | null;
        };
        CreditEntry: {
            entryNo: number;
            /** @enum {string} */
            kind: "grant" | "use" | "give_back" | "expiry" | "void" | "rollover" | "hold_commit";
            /** @description `units` of a meter, or `amountMinor` of money, in minor units */
            amount: {
                units?: string;
                amountMinor?: string;
            };
            /** @description `units` of a meter, or `amountMinor` of money, in minor units */
            left: {
                units?: string;
                amountMinor?: string;
            };
            invoiceId: string | null;
            holdId: string | null;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            at: string;
        };
        Alert: {
            id: string;
            name: string;
            /** @enum {string} */
            kind: "usage" | "spend" | "balance";
            /** @description Null: every customer */
            customerId: string | null;
            planId: string | null;
            meterId: string | null;
            window: ("period" | "day" | "month") | null;
            currency: string | null;
            thresholds: string[];
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            createdAt: string;
        };
        AlertState: {
            alertId: string;
            /** @description Of the alert */
            name: string;
            /** @enum {string} */
            kind: "usage" | "spend" | "balance";
            meterId: string | null;
            currency: string | null;
            customerId: string;
            subscriptionId: string | null;
            /** @description Null: of a balance */
            windowStart: string | null;
            threshold: string;
            /** @description When it was told */
            value: string;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            reachedAt: string;
        };
        /** @description A comparison with one metadata property */
        MeterCondition: {
            /**
             * @description A metadata property: a dotted path, or an array of keys
             * @example response.status
             */
            property: string[];
            /** @enum {string} */
            operator: "eq" | "ne";
            value: boolean | (number | string);
        } | {
            /**
             * @description A metadata property: a dotted path, or an array of keys
             * @example response.status
             */
            property: string[];
            /** @enum {string} */
            operator: "gt" | "gte" | "lt" | "lte";
            value: number | string;
        } | {
            /**
             * @description A metadata property: a dotted path, or an array of keys
             * @example response.status
             */
            property: string[];
            /** @enum {string} */
            operator: "contains" | "not_contains";
            value: string;
        } | {
            /**
             * @description A metadata property: a dotted path, or an array of keys
             * @example response.status
             */
            property: string[];
            /** @constant */
            operator: "in";
            value: (boolean | (number | string))[];
        } | {
            /**
             * @description A metadata property: a dotted path, or an array of keys
             * @example response.status
             */
            property: string[];
            /** @constant */
            operator: "exists";
        };
        /**
         * @description Which events count: a condition, or `and`/`or` of up to three levels of them. A property that is missing or of another type never matches.
         * @example {
         *       "property": "status",
         *       "operator": "lt",
         *       "value": 400
         *     }
         */
        MeterFilter: components["schemas"]["MeterCondition"] | {
            and: (components["schemas"]["MeterCondition"] | {
                and: (components["schemas"]["MeterCondition"] | {
                    and: components["schemas"]["MeterCondition"][];
                } | {
                    or: components["schemas"]["MeterCondition"][];
                })[];
            } | {
                or: (components["schemas"]["MeterCondition"] | {
                    and: components["schemas"]["MeterCondition"][];
                } | {
                    or: components["schemas"]["MeterCondition"][];
                })[];
            } | {
                and: components["schemas"]["MeterCondition"][];
            } | {
                or: components["schemas"]["MeterCondition"][];
            })[];
        } | {
            or: (components["schemas"]["MeterCondition"] | {
                and: (components["schemas"]["MeterCondition"] | {
                    and: components["schemas"]["MeterCondition"][];
                } | {
                    or: components["schemas"]["MeterCondition"][];
                })[];
            } | {
                or: (components["schemas"]["MeterCondition"] | {
                    and: components["schemas"]["MeterCondition"][];
                } | {
                    or: components["schemas"]["MeterCondition"][];
                })[];
            } | {
                and: components["schemas"]["MeterCondition"][];
            } | {
                or: components["schemas"]["MeterCondition"][];
            })[];
        };
        AddOn: {
            id: string;
            key: string;
            name: string;
            currency: string;
            amount: string;
            amountMinor: string;
            /** @enum {string} */
            recurring: "period" | "once";
            /** @description Id of the rate */
            taxRate: string | null;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            createdAt: string;
            archivedAt: string | null;
        };
        Coupon: {
            id: string;
            key: string;
            name: string;
            percent: string | null;
            amount: string | null;
            amountMinor: string | null;
            currency: string | null;
            /** @enum {string} */
            duration: "once" | "periods" | "forever";
            periods: number | null;
            redemptionsMax: number | null;
            redemptions: number;
            expiresAt: string | null;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            createdAt: string;
            archivedAt: string | null;
        };
        Meter: {
            id: string;
            key: string;
            name: string;
            unit: string;
            eventName: string;
            /** @enum {string} */
            aggregation: "COUNT" | "SUM" | "MAX" | "MIN" | "AVG" | "LAST" | "UNIQUE";
            valueProperty: string[] | null;
            filter: unknown | null;
            groupBy: string[];
            conversion: {
                factor: string;
                divisor: string;
            };
            rounding: {
                /** @enum {string} */
                mode: "none" | "up" | "down" | "nearest";
                digits: number;
            };
            /**
             * @description Of usage that comes after its period was invoiced: `bill` passes on what it changes, `credit` only what is in the favour of the customer, `absorb` nothing. All of it is told on the next invoice
             * @enum {string}
             */
            lateUsage: "bill" | "credit" | "absorb";
            /** @description Whether the events that are older than the meter are counted, too */
            complete: boolean;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            createdAt: string;
            archivedAt: string | null;
        };
        Plan: {
            id: string;
            key: string;
            name: string;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            createdAt: string;
            archivedAt: string | null;
            /** @description The newest first */
            versions: {
                version: number;
                currency: string;
                /** @enum {string} */
                cycle: "day" | "week" | "month" | "quarter" | "year";
                basePrice: string;
                baseMinor: string;
                baseInAdvance: boolean;
                graceSeconds: number;
                prices: ({
                    /** @constant */
                    model: "per_unit";
                    unitPrice: string;
                    /**
                     * @description Units of a whole period that cost nothing
                     * @example 10000
                     */
                    includedUnits: string;
                    /** @description What the usage of a period costs at least */
                    minimum?: string;
                    /** @description What the usage of a period costs at most */
                    maximum?: string;
                    meter: string;
                    meterId: string;
                    taxRate: string | null;
                } | {
                    /** @constant */
                    model: "package";
                    packageSize: string;
                    /** @description Of each started package */
                    packagePrice: string;
                    /**
                     * @description Units of a whole period that cost nothing
                     * @example 10000
                     */
                    includedUnits: string;
                    /** @description What the usage of a period costs at least */
                    minimum?: string;
                    /** @description What the usage of a period costs at most */
                    maximum?: string;
                    meter: string;
                    meterId: string;
                    taxRate: string | null;
                } | {
                    /** @constant */
                    model: "graduated";
                    tiers: {
                        /** @description Up to and including; null for the last tier, and for no other */
                        upTo: string | null;
                        unitPrice: string;
                        flatFee: string;
                    }[];
                    /**
                     * @description Units of a whole period that cost nothing
                     * @example 10000
                     */
                    includedUnits: string;
                    /** @description What the usage of a period costs at least */
                    minimum?: string;
                    /** @description What the usage of a period costs at most */
                    maximum?: string;
                    meter: string;
                    meterId: string;
                    taxRate: string | null;
                } | {
                    /** @constant */
                    model: "volume";
                    tiers: {
                        /** @description Up to and including; null for the last tier, and for no other */
                        upTo: string | null;
                        unitPrice: string;
                        flatFee: string;
                    }[];
                    /**
                     * @description Units of a whole period that cost nothing
                     * @example 10000
                     */
                    includedUnits: string;
                    /** @description What the usage of a period costs at least */
                    minimum?: string;
                    /** @description What the usage of a period costs at most */
                    maximum?: string;
                    meter: string;
                    meterId: string;
                    taxRate: string | null;
                } | {
                    /** @constant */
                    model: "percentage";
                    /**
                     * @description Of the sum of the period
                     * @example 2.9
                     */
                    percent: string;
                    fixedPerEvent: string;
                    /**
                     * @description Units of a whole period that cost nothing
                     * @example 10000
                     */
                    includedUnits: string;
                    /** @description What the usage of a period costs at least */
                    minimum?: string;
                    /** @description What the usage of a period costs at most */
                    maximum?: string;
                    meter: string;
                    meterId: string;
                    taxRate: string | null;
                } | {
                    /** @constant */
                    model: "by_dimension";
                    /**
                     * @description By which the meter groups
                     * @example [
                     *       "model"
                     *     ]
                     */
                    properties: string[];
                    cases: {
                        values: (string | number | boolean | null)[];
                        price: {
                            /** @constant */
                            model: "per_unit";
                            unitPrice: string;
                            /**
                             * @description Units of a whole period that cost nothing
                             * @example 10000
                             */
                            includedUnits: string;
                            /** @description What the usage of a period costs at least */
                            minimum?: string;
                            /** @description What the usage of a period costs at most */
                            maximum?: string;
                        } | {
                            /** @constant */
                            model: "package";
                            packageSize: string;
                            /** @description Of each started package */
                            packagePrice: string;
                            /**
                             * @description Units of a whole period that cost nothing
                             * @example 10000
                             */
                            includedUnits: string;
                            /** @description What the usage of a period costs at least */
                            minimum?: string;
                            /** @description What the usage of a period costs at most */
                            maximum?: string;
                        } | {
                            /** @constant */
                            model: "graduated";
                            tiers: {
                                /** @description Up to and including; null for the last tier, and for no other */
                                upTo: string | null;
                                unitPrice: string;
                                flatFee: string;
                            }[];
                            /**
                             * @description Units of a whole period that cost nothing
                             * @example 10000
                             */
                            includedUnits: string;
                            /** @description What the usage of a period costs at least */
                            minimum?: string;
                            /** @description What the usage of a period costs at most */
                            maximum?: string;
                        } | {
                            /** @constant */
                            model: "volume";
                            tiers: {
                                /** @description Up to and including; null for the last tier, and for no other */
                                upTo: string | null;
                                unitPrice: string;
                                flatFee: string;
                            }[];
                            /**
                             * @description Units of a whole period that cost nothing
                             * @example 10000
                             */
                            includedUnits: string;
                            /** @description What the usage of a period costs at least */
                            minimum?: string;
                            /** @description What the usage of a period costs at most */
                            maximum?: string;
                        } | {
                            /** @constant */
                            model: "percentage";
                            /**
                             * @description Of the sum of the period
                             * @example 2.9
                             */
                            percent: string;
                            fixedPerEvent: string;
                            /**
                             * @description Units of a whole period that cost nothing
                             * @example 10000
                             */
                            includedUnits: string;
                            /** @description What the usage of a period costs at least */
                            minimum?: string;
                            /** @description What the usage of a period costs at most */
                            maximum?: string;
                        };
                    }[];
                    /** @description For all other values, taken as one */
                    otherwise: {
                        /** @constant */
                        model: "per_unit";
                        unitPrice: string;
                        /**
                         * @description Units of a whole period that cost nothing
                         * @example 10000
                         */
                        includedUnits: string;
                        /** @description What the usage of a period costs at least */
                        minimum?: string;
                        /** @description What the usage of a period costs at most */
                        maximum?: string;
                    } | {
                        /** @constant */
                        model: "package";
                        packageSize: string;
                        /** @description Of each started package */
                        packagePrice: string;
                        /**
                         * @description Units of a whole period that cost nothing
                         * @example 10000
                         */
                        includedUnits: string;
                        /** @description What the usage of a period costs at least */
                        minimum?: string;
                        /** @description What the usage of a period costs at most */
                        maximum?: string;
                    } | {
                        /** @constant */
                        model: "graduated";
                        tiers: {
                            /** @description Up to and including; null for the last tier, and for no other */
                            upTo: string | null;
                            unitPrice: string;
                            flatFee: string;
                        }[];
                        /**
                         * @description Units of a whole period that cost nothing
                         * @example 10000
                         */
                        includedUnits: string;
                        /** @description What the usage of a period costs at least */
                        minimum?: string;
                        /** @description What the usage of a period costs at most */
                        maximum?: string;
                    } | {
                        /** @constant */
                        model: "volume";
                        tiers: {
                            /** @description Up to and including; null for the last tier, and for no other */
                            upTo: string | null;
                            unitPrice: string;
                            flatFee: string;
                        }[];
                        /**
                         * @description Units of a whole period that cost nothing
                         * @example 10000
                         */
                        includedUnits: string;
                        /** @description What the usage of a period costs at least */
                        minimum?: string;
                        /** @description What the usage of a period costs at most */
                        maximum?: string;
                    } | {
                        /** @constant */
                        model: "percentage";
                        /**
                         * @description Of the sum of the period
                         * @example 2.9
                         */
                        percent: string;
                        fixedPerEvent: string;
                        /**
                         * @description Units of a whole period that cost nothing
                         * @example 10000
                         */
                        includedUnits: string;
                        /** @description What the usage of a period costs at least */
                        minimum?: string;
                        /** @description What the usage of a period costs at most */
                        maximum?: string;
                    };
                    meter: string;
                    meterId: string;
                    taxRate: string | null;
                })[];
                flatPrices: {
                    name: string;
                    amount: string;
                    amountMinor: string;
                    /** @enum {string} */
                    recurring: "period" | "once";
                    /** @description Id of the rate */
                    taxRate: string | null;
                }[];
                credits: {
                    /** @description Id of the meter */
                    meter?: string;
                    units?: string;
                    amount?: string;
                    priority: number;
                    isPromotional: boolean;
                    rollover: {
                        cap: string | null;
                        periods: number;
                    } | null;
                }[];
                minimum: string | null;
                trialDays: number;
                netDays: number;
                /** @description Id of the rate */
                taxRate: string | null;
                /**
                 * @description An instant, ISO 8601 in UTC
                 * @example 2026-03-01T00:00:00.000Z
                 */
                createdAt: string;
            }[];
        };
        TaxRate: {
            id: string;
            key: string;
            name: string;
            percent: string;
            inclusive: boolean;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            createdAt: string;
            archivedAt: string | null;
        };
        WindowLimit: {
            name: string;
            /** @enum {string} */
            algorithm: "fixed_window" | "token_bucket" | "sliding_window";
            limit: number;
            window?: string;
            /** @enum {string} */
            period?: "day" | "month";
            /** @enum {string} */
            per: "identity" | "all";
        };
        BalanceLimit: {
            name: string;
            /** @constant */
            algorithm: "balance";
            /** @description Its key */
            meter: string;
            unitsPerRequest: number;
            planPays: boolean;
            /** @constant */
            per: "identity";
        };
        Policy: {
            id: string;
            key: string;
            name: string;
            application: string | null;
            method: string;
            url: string;
            priority: number;
            strategyId: string | null;
            /** @enum {string} */
            mode: "enforce" | "shadow" | "off";
            /** @enum {string} */
            withoutAnswer: "allow" | "refuse";
            deadlineMs: number;
            limits: (components["schemas"]["WindowLimit"] | components["schemas"]["BalanceLimit"])[];
            metering: {
                id: string;
                event: string;
                quantity: string;
                when: ("2xx" | "3xx" | "4xx" | "5xx")[];
            }[];
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            createdAt: string;
            archivedAt: string | null;
        };
        Application: {
            id: string;
            name: string;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            firstSeenAt: string;
            /**
             * @description To the minute
             * @example 2026-03-01T00:00:00.000Z
             */
            lastSeenAt: string;
            /** @description That have reported within the last 3 minutes */
            processes: number;
            /**
             * @description What runs in these processes, up to 10
             * @example [
             *       "express/0.1.0 node/20.19.1"
             *     ]
             */
            agents: string[];
        };
        ApplicationProcess: {
            /** @description The random name of the process */
            producer: string;
            agent: string;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            firstReportedAt: string;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            lastReportedAt: string;
            /** @description Reports that never came */
            missed: number;
            /** @description Rows of reports that count for nothing */
            leftOut: number;
            /** @description What became of usage since the process began; null: not told */
            usage: {
                produced: number;
                delivered: number;
                queued: number;
                refused: number;
                dropped: number;
            } | null;
        };
        Block: {
            blockId: string;
            /** @enum {string} */
            kind: "customer" | "network";
            /** @description Who is blocked: the customer, or the network */
            id: string;
            reason: string;
            /** @description In real time; null: until it is removed */
            until: string | null;
            /** @description Who said so last; null: it was not noted then */
            actor: {
                kind: string;
                id: string;
            } | null;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            createdAt: string;
        };
        Strategy: {
            id: string;
            key: string;
            name: string;
            sources: {
                /** @enum {string} */
                from: "header" | "query" | "body" | "path" | "cookie" | "claim";
                /**
                 * @description Of the header, parameter, cookie or field; `user.id` is a field of a field
                 * @example x-user-id
                 */
                name: string;
            }[];
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            createdAt: string;
            archivedAt: string | null;
        };
        ControlConfig: {
            version: number;
            /**
             * @description Real time: a block is over when its `until` has come
             * @example 2026-03-01T00:00:00.000Z
             */
            now: string;
            application: {
                id: string;
                name: string;
            };
            strategies: {
                id: string;
                sources: {
                    /** @enum {string} */
                    from: "header" | "query" | "body" | "path" | "cookie" | "claim";
                    /**
                     * @description Of the header, parameter, cookie or field; `user.id` is a field of a field
                     * @example x-user-id
                     */
                    name: string;
                }[];
            }[];
            policies: {
                id: string;
                key: string;
                method: string;
                url: string;
                priority: number;
                strategyId: string | null;
                /** @enum {string} */
                mode: "enforce" | "shadow";
                /** @enum {string} */
                withoutAnswer: "allow" | "refuse";
                deadlineMs: number;
                limits: (components["schemas"]["WindowLimit"] | components["schemas"]["BalanceLimit"])[];
                metering: {
                    id: string;
                    event: string;
                    when: ("2xx" | "3xx" | "4xx" | "5xx")[];
                    /** @description JSON pointers to what its expression reads */
                    captures: string[];
                    /** @description Requests may be counted together and come to the same */
                    isSummable: boolean;
                }[];
            }[];
            blocks: {
                /** @enum {string} */
                kind: "customer" | "network";
                id: string;
                until: string | null;
            }[];
        };
        Lease: {
            id: string;
            /** @description Lent; 0 if nothing could be */
            units: number;
            /** @description From when the request was sent */
            lifeMs: number;
            /** @description For the client; null: it is more than the limit */
            retryAfterMs: number | null;
            /** @description For the process; sooner nothing is to be had */
            askAgainMs: number;
        };
        LimitDecision: {
            id: string;
            isAllowed: boolean;
            remaining: number;
            /** @description For the client; null: it is more than the limit */
            retryAfterMs: number | null;
            resetMs: number;
        };
        Endpoint: {
            id: string;
            application: string;
            method: string | null;
            /** @description Null: all requests for which the framework had no route */
            route: string | null;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            firstSeenAt: string;
            /** @description When the framework last said that it has it, to the day */
            declaredAt: string | null;
            /** @description In traffic, to the minute */
            lastSeenAt: string | null;
            requests: number;
            /** @description Requests that a metering rule covers, and for which no customer was known */
            unmetered: number;
            /**
             * @description By the first digit
             * @example {
             *       "2xx": 98,
             *       "5xx": 2
             *     }
             */
            statuses: {
                [key: string]: number;
            };
            /** @description The share with a status of 500 or more; null without requests */
            errorRate: number | null;
            /** @description Milliseconds that so many of a hundred requests did not exceed, within 1.6 %; null where none was told */
            latencyMs: {
                p50: number;
                p95: number;
                p99: number;
            } | null;
            requestBytes: number;
            responseBytes: number;
        };
        PolicyDecisions: {
            /**
             * @description When the first hour or minute that is in it began
             * @example 2026-03-01T00:00:00.000Z
             */
            from: string;
            /**
             * @description When the last one ends
             * @example 2026-03-01T00:00:00.000Z
             */
            to: string;
            /** @description Of the endpoints whose route the policy covers now, whatever it covered then; null where there are none */
            requests: number | null;
            limits: {
                /** @description By name; `block` of blocks */
                limit: string;
                /** @enum {string} */
                mode: "enforce" | "shadow";
                /** @description In `shadow`: would have been */
                refused: number;
                allowedWithoutAnswer: number;
                refusedWithoutAnswer: number;
                /** @description Those that were refused most */
                identities: {
                    /** @enum {string} */
                    kind: "customer" | "network";
                    id: string;
                    /** @description In `shadow`: would have been */
                    refused: number;
                    allowedWithoutAnswer: number;
                    refusedWithoutAnswer: number;
                }[];
            }[];
            /** @description All limits together; hours in which none did anything are left out */
            hours: {
                /**
                 * @description An instant, ISO 8601 in UTC
                 * @example 2026-03-01T00:00:00.000Z
                 */
                startsAt: string;
                /** @enum {string} */
                mode: "enforce" | "shadow";
                /** @description In `shadow`: would have been */
                refused: number;
                allowedWithoutAnswer: number;
                refusedWithoutAnswer: number;
            }[];
        };
        PolicySums: {
            policyId: string;
            /** @description Of the endpoints whose route the policy covers now, whatever it covered then; null where there are none */
            requests: number | null;
            /** @description All limits together, in each mode in which they did something */
            modes: {
                /** @enum {string} */
                mode: "enforce" | "shadow";
                /** @description In `shadow`: would have been */
                refused: number;
                allowedWithoutAnswer: number;
                refusedWithoutAnswer: number;
            }[];
        };
        OtherDecisions: {
            /**
             * @description When the first hour or minute that is in it began
             * @example 2026-03-01T00:00:00.000Z
             */
            from: string;
            /**
             * @description When the last one ends
             * @example 2026-03-01T00:00:00.000Z
             */
            to: string;
            /** @description Those that refused most, 200 at most */
            limits: {
                application: string;
                /** @description Null: of blocks */
                pattern: string | null;
                /** @description By name; `block` of blocks */
                limit: string;
                /** @enum {string} */
                mode: "enforce" | "shadow";
                /** @description In `shadow`: would have been */
                refused: number;
                allowedWithoutAnswer: number;
                refusedWithoutAnswer: number;
                /** @description Those that were refused most */
                identities: {
                    /** @enum {string} */
                    kind: "customer" | "network";
                    id: string;
                    /** @description In `shadow`: would have been */
                    refused: number;
                    allowedWithoutAnswer: number;
                    refusedWithoutAnswer: number;
                }[];
            }[];
        };
        RequestSample: {
            id: string;
            application: string;
            endpointId: string;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            at: string;
            method: string;
            route: string | null;
            status: number;
            durationMs: number;
            requestBytes: number | null;
            responseBytes: number | null;
            customerId: string | null;
            clientAddress: string | null;
            userAgent: string | null;
            /** @description Of its parameters; never their values */
            queryNames: string[];
        };
        ControlWarning: {
            /** @enum {string} */
            kind: "unmetered" | "endpoint_vanished" | "endpoints_full" | "reports_missed" | "rows_left_out" | "usage_lost";
            application: string;
            /** @description Null: it is about the whole application */
            endpoint: {
                id: string;
                method: string | null;
                /** @description Null: all requests for which the framework had no route */
                route: string | null;
            } | null;
            /** @description What the message counts */
            count: number;
            /**
             * @description When it was last so
             * @example 2026-03-01T00:00:00.000Z
             */
            at: string;
            message: string;
        };
        JsonValue: unknown;
        TrackedEvent: {
            /**
             * @description What meters know the event by
             * @example API_CALL
             */
            metric: string;
            /**
             * @description Your own name for the customer, made on its first event
             * @example user_123
             */
            customerId: string;
            /**
             * @description How much was used: 1 by default. A number of at most 15 significant digits, or a decimal string.
             * @example 1000
             */
            amount?: number | string;
            /**
             * @description Up to 50 entries in up to 3 levels; texts of up to 2,048 characters
             * @example {
             *       "endpoint": "/v1/chat"
             *     }
             */
            metadata?: {
                [key: string]: components["schemas"]["JsonValue"];
            };
            /**
             * Format: date-time
             * @description When it was used: now by default. RFC 3339 with zone, to the microsecond; at most 5 minutes ahead and 35 days back, unless in an import
             * @example 2026-03-01T12:00:00.000Z
             */
            timestamp?: string;
            /**
             * @description Your order among events of the same instant: 0 by default
             * @example 0
             */
            sequence?: number;
            /**
             * @description The same event sent again with the same key is stored once
             * @example order-4711
             */
            idempotencyKey?: string;
            /**
             * @description The import that it belongs to
             * @example imp_01h455vb4pex5vsknk084sn02q
             */
            importId?: string;
        };
        SentEvent: {
            /**
             * @description What meters know the event by
             * @example API_CALL
             */
            name: string;
            /**
             * @description Your own name for the customer, made on its first event
             * @example user_123
             */
            customerId: string;
            /**
             * @description How much was used: 1 by default. A number of at most 15 significant digits, or a decimal string.
             * @example 1000
             */
            amount?: number | string;
            /**
             * @description Up to 50 entries in up to 3 levels; texts of up to 2,048 characters
             * @example {
             *       "endpoint": "/v1/chat"
             *     }
             */
            metadata?: {
                [key: string]: components["schemas"]["JsonValue"];
            };
            /**
             * Format: date-time
             * @description When it was used: now by default. RFC 3339 with zone, to the microsecond; at most 5 minutes ahead and 35 days back, unless in an import
             * @example 2026-03-01T12:00:00.000Z
             */
            timestamp?: string;
            /**
             * @description Your order among events of the same instant: 0 by default
             * @example 0
             */
            sequence?: number;
            /**
             * @description The same event sent again with the same key is stored once
             * @example order-4711
             */
            idempotencyKey?: string;
            /**
             * @description The import that it belongs to
             * @example imp_01h455vb4pex5vsknk084sn02q
             */
            importId?: string;
        };
        Recorded: {
            /** @constant */
            success: true;
            /** @example evt_01h455vb4pex5vsknk084sn02q */
            eventId: string;
            /** @description Whether the event was stored by an earlier request */
            duplicate: boolean;
            /**
             * @description There when no key was sent: sent again, the event counts again
             * @constant
             */
            deduplicated?: false;
        };
        Results: {
            results: {
                /** @enum {string} */
                status: "recorded" | "duplicate" | "refused";
                /** @example evt_01h455vb4pex5vsknk084sn02q */
                eventId?: string;
                /** @constant */
                deduplicated?: false;
                error?: {
                    code: string;
                    message: string;
                };
            }[];
        };
        Event: {
            /** @example evt_01h455vb4pex5vsknk084sn02q */
            eventId: string;
            name: string;
            customerId: string;
            /**
             * @description A decimal
             * @example 1000
             */
            amount: string;
            /**
             * @example {
             *       "endpoint": "/v1/chat"
             *     }
             */
            metadata: {
                [key: string]: unknown;
            };
            /**
             * @description To the microsecond
             * @example 2026-03-01T12:00:00.000Z
             */
            timestamp: string;
            sequence: number;
            idempotencyKey: string | null;
            importId: string | null;
            /** @description What counts: the content as last amended; null when the event is void */
            effective: {
                /**
                 * @description A decimal
                 * @example 1000
                 */
                amount: string;
                /**
                 * @example {
                 *       "endpoint": "/v1/chat"
                 *     }
                 */
                metadata: {
                    [key: string]: unknown;
                };
                /**
                 * @description To the microsecond
                 * @example 2026-03-01T12:00:00.000Z
                 */
                timestamp: string;
            } | null;
            /** @description Oldest first; the newest holds */
            corrections: {
                /** @enum {string} */
                kind: "void" | "amend";
                reason: string | null;
                at: string;
                /**
                 * @description A decimal
                 * @example 1000
                 */
                amount?: string;
                /**
                 * @example {
                 *       "endpoint": "/v1/chat"
                 *     }
                 */
                metadata?: {
                    [key: string]: unknown;
                };
                /**
                 * @description To the microsecond
                 * @example 2026-03-01T12:00:00.000Z
                 */
                timestamp?: string;
            }[];
        };
        MeasuredUsage: {
            /**
             * @description Your own name for the customer, made on its first event
             * @example user_123
             */
            customerId: string;
            /**
             * @description Up to 50 entries in up to 3 levels; texts of up to 2,048 characters
             * @example {
             *       "endpoint": "/v1/chat"
             *     }
             */
            metadata?: {
                [key: string]: components["schemas"]["JsonValue"];
            };
            /**
             * @description The same event sent again with the same key is stored once
             * @example order-4711
             */
            idempotencyKey: string;
            /**
             * Format: date-time
             * @description When it was used: now by default. RFC 3339 with zone, to the microsecond; at most 5 minutes ahead and 35 days back, unless in an import
             * @example 2026-03-01T12:00:00.000Z
             */
            timestamp: string;
            /** @example mrl_01h455vb4pex5vsknk084sn02q */
            ruleId: string;
            /** @example POST */
            method: string;
            /**
             * @description The template of the framework
             * @example /v1/chat
             */
            route?: string | null;
            /**
             * @description How many were summed; 1 unless the rule says that it is summable
             * @default 1
             */
            requests: number;
            /**
             * @description What the rule captures, by JSON pointer; what the request did not have is left out
             * @default {}
             * @example {
             *       "/response/body/usage/total_tokens": 1234
             *     }
             */
            fields: {
                [key: string]: string | number | boolean;
            };
        };
        CreditNote: {
            id: string;
            number: string;
            invoiceId: string;
            customerId: string;
            currency: string;
            /** @enum {string} */
            settlement: "credit" | "refund";
            /** @description The credit that it became */
            creditId: string | null;
            /** @description The payment that gives it back; null when none is known for the invoice */
            refundId: string | null;
            reason: string;
            /** @description Tax included */
            total: string;
            totalMinor: string;
            taxMinor: string;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            issuedAt: string;
            lines: {
                invoiceLineNo: number;
                /** @description Tax included */
                amount: string;
                amountMinor: string;
                taxMinor: string;
            }[];
        };
        ListedCreditNote: {
            id: string;
            number: string;
            invoiceId: string;
            customerId: string;
            currency: string;
            /** @enum {string} */
            settlement: "credit" | "refund";
            /** @description The credit that it became */
            creditId: string | null;
            /** @description The payment that gives it back; null when none is known for the invoice */
            refundId: string | null;
            reason: string;
            /** @description Tax included */
            total: string;
            totalMinor: string;
            taxMinor: string;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            issuedAt: string;
            lines: {
                invoiceLineNo: number;
                /** @description Tax included */
                amount: string;
                amountMinor: string;
                taxMinor: string;
            }[];
            invoiceNumber: string | null;
        };
        Access: {
            customerId: string;
            isAllowed: boolean;
            /**
             * @description `credits`: they cover all these units; `plan`: a subscription bills them; `suspended`, `paused`: that subscription is; `nothing`: neither
             * @enum {string}
             */
            reason: "credits" | "plan" | "suspended" | "paused" | "nothing";
            subscriptionId: string | null;
            credits: {
                available: string;
                held: string;
            };
        };
        ListedCredit: {
            id: string;
            customerId: string;
            /** @enum {string} */
            kind: "units" | "money";
            meterId: string | null;
            currency: string | null;
            meterIds: string[] | null;
            /** @description `units` of a meter, or `amountMinor` of money, in minor units */
            granted: {
                units?: string;
                amountMinor?: string;
            };
            /** @description `units` of a meter, or `amountMinor` of money, in minor units */
            left: {
                units?: string;
                amountMinor?: string;
            };
            lowAt: string | null;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            validFrom: string;
            validTo: string | null;
            priority: number;
            isPromotional: boolean;
            /** @enum {string} */
            source: "plan" | "manual" | "top_up" | "rollover" | "correction";
            name: string;
            subscriptionId: string | null;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            grantedAt: string;
            voidedAt: string | null;
            /** @enum {string} */
            state: "active" | "upcoming" | "used_up" | "ended" | "void";
        };
        CustomerCreditEntry: {
            entryNo: number;
            /** @enum {string} */
            kind: "grant" | "use" | "give_back" | "expiry" | "void" | "rollover" | "hold_commit";
            /** @description `units` of a meter, or `amountMinor` of money, in minor units */
            amount: {
                units?: string;
                amountMinor?: string;
            };
            /** @description `units` of a meter, or `amountMinor` of money, in minor units */
            left: {
                units?: string;
                amountMinor?: string;
            };
            invoiceId: string | null;
            holdId: string | null;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            at: string;
            creditId: string;
            name: string;
            /** @enum {string} */
            source: "plan" | "manual" | "top_up" | "rollover" | "correction";
            meterId: string | null;
            currency: string | null;
        };
        Hold: {
            id: string;
            customerId: string;
            meterId: string;
            key: string | null;
            units: string;
            /** @enum {string} */
            status: "open" | "committed" | "released" | "expired";
            /** @description Units, once it is committed */
            used: string | null;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            createdAt: string;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            expiresAt: string;
            closedAt: string | null;
        };
        CreditBalance: {
            customerId: string;
            balances: {
                /** @enum {string} */
                kind: "units" | "money";
                meterId: string | null;
                currency: string | null;
                meterIds: string[] | null;
                left: {
                    units?: string;
                    amountMinor?: string;
                };
                unsettled: {
                    units?: string;
                    amountMinor?: string;
                };
                held: {
                    units?: string;
                    amountMinor?: string;
                };
                available: {
                    units?: string;
                    amountMinor?: string;
                };
            }[];
        };
        Customer: {
            id: string;
            /**
             * @description Your own name for the customer
             * @example user_123
             */
            customerId: string;
            name: string;
            /** @description The customer above this one; null: only the root customer */
            parentId: string | null;
            email: string | null;
            /** @description Line by line */
            address: string[];
            taxNumber: string | null;
            language: string | null;
            /** @description Id of the rate; null: as the plan says */
            taxRate: string | null;
            taxExempt: boolean;
            /** @description Null: as the plan says */
            netDays: number | null;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            createdAt: string;
        };
        CouponAttachment: {
            id: string;
            couponId: string;
            customerId: string;
            /** @description Null: every subscription of the customer */
            subscriptionId: string | null;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            attachedAt: string;
            detachedAt: string | null;
        };
        EventWay: {
            eventId: string;
            /** @description Whether the totals have it already */
            counted: boolean;
            meters: {
                meterId: string;
                meter: string;
                name: string;
                unit: string;
                /** @enum {string} */
                aggregation: "COUNT" | "SUM" | "MAX" | "MIN" | "AVG" | "LAST" | "UNIQUE";
                /**
                 * @description `filtered`: the filter of the meter lets it out; `no_value`: it has not what the meter reads
                 * @enum {string}
                 */
                outcome: "counted" | "filtered" | "no_value" | "void";
                /** @description The number that the meter read */
                value: string | null;
                /** @description What a UNIQUE meter tells apart, as JSON */
                uniqueValue: string | null;
                /** @description Null: no subscription had a price for the meter at that time */
                billing: {
                    /** @description Who pays: the customer, or one that it stands beneath */
                    customerId: string;
                    subscriptionId: string;
                    plan: string;
                    planVersion: number;
                    /**
                     * @description Only `billed` is invoiced
                     * @enum {string}
                     */
                    term: "billed" | "trial" | "pause";
                    period: {
                        /**
                         * @description An instant, ISO 8601 in UTC
                         * @example 2026-03-01T00:00:00.000Z
                         */
                        start: string;
                        /**
                         * @description An instant, ISO 8601 in UTC
                         * @example 2026-03-01T00:00:00.000Z
                         */
                        end: string;
                        /** @enum {string} */
                        state: "open" | "closed" | "invoiced";
                    } | null;
                    invoices: {
                        invoiceId: string;
                        number: string | null;
                        /** @enum {string} */
                        status: "draft" | "finalized" | "paid" | "failed" | "void";
                        /** @enum {string} */
                        kind: "period" | "advance" | "threshold" | "late" | "one_off";
                        lines: {
                            lineNo: number;
                            description: string;
                            /** @description Counts it because it came after its own invoice */
                            late: boolean;
                        }[];
                    }[];
                } | null;
            }[];
        };
        InvoiceSummary: {
            id: string;
            /** @description Null while it is a draft */
            number: string | null;
            /** @enum {string} */
            status: "draft" | "finalized" | "paid" | "failed" | "void";
            /** @description Why it failed or was voided */
            reason: string | null;
            /** @description Grows with every change */
            version: number;
            /** @description What credit notes took back, tax included */
            creditedMinor: string;
            /** @enum {string} */
            kind: "period" | "advance" | "threshold" | "late" | "one_off";
            customerId: string;
            /** @description Null for a one-off invoice */
            subscriptionId: string | null;
            /** @description Null for a one-off invoice */
            planId: string | null;
            planVersion: number | null;
            currency: string;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            periodStart: string;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            periodEnd: string;
            /** @description The sum of the lines but the true-up */
            subtotalMinor: string;
            trueUpMinor: string;
            taxMinor: string;
            totalMinor: string;
            total: string;
            amountDueMinor: string;
            amountDue: string;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            createdAt: string;
            finalizedAt: string | null;
            dueAt: string | null;
            /** @description When it was found unpaid after it was due; stays when it is paid later */
            overdueAt: string | null;
        };
        Invoice: {
            id: string;
            /** @description Null while it is a draft */
            number: string | null;
            /** @enum {string} */
            status: "draft" | "finalized" | "paid" | "failed" | "void";
            /** @description Why it failed or was voided */
            reason: string | null;
            /** @description Grows with every change */
            version: number;
            /** @description What credit notes took back, tax included */
            creditedMinor: string;
            /** @enum {string} */
            kind: "period" | "advance" | "threshold" | "late" | "one_off";
            customerId: string;
            /** @description Null for a one-off invoice */
            subscriptionId: string | null;
            /** @description Null for a one-off invoice */
            planId: string | null;
            planVersion: number | null;
            currency: string;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            periodStart: string;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            periodEnd: string;
            /** @description The sum of the lines but the true-up */
            subtotalMinor: string;
            trueUpMinor: string;
            taxMinor: string;
            totalMinor: string;
            total: string;
            amountDueMinor: string;
            amountDue: string;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            createdAt: string;
            finalizedAt: string | null;
            dueAt: string | null;
            /** @description When it was found unpaid after it was due; stays when it is paid later */
            overdueAt: string | null;
            lines: {
                lineNo: number;
                /**
                 * @description `late`: usage of an earlier period, at its prices, that came after it was invoiced; `periodStart` and `periodEnd` name it
                 * @enum {string}
                 */
                kind: "base" | "flat" | "usage" | "late" | "item" | "true_up";
                /** @description The amount is units × unitPrice + fixed, rounded once */
                rule: string;
                /** @description Of a flat price, an add-on or an item */
                name: string;
                /** @description Key of the meter; null for what is not usage */
                meter: string | null;
                meterId: string | null;
                description: string;
                /** @description For a base price the part of the period */
                quantity: string;
                /** @description The values by which the usage is priced; null: all others */
                dimension: (string | number | boolean | null)[] | null;
                included: string;
                /** @description Units that credits paid for */
                credited: string;
                billable: string;
                /** @description How often the unit price is paid */
                units: string;
                /** @description In the major unit */
                unitPrice: string;
                /** @description In the major unit */
                fixed: string;
                amountMinor: string;
                amount: string;
                discountMinor: string;
                promotionalMinor: string;
                taxRateId: string | null;
                taxMinor: string;
                /**
                 * @description An instant, ISO 8601 in UTC
                 * @example 2026-03-01T00:00:00.000Z
                 */
                periodStart: string;
                /**
                 * @description An instant, ISO 8601 in UTC
                 * @example 2026-03-01T00:00:00.000Z
                 */
                periodEnd: string;
                /** @description Whose events the line counts, from when to when */
                coverage: {
                    /** @description Null: every customer except those of `except` */
                    customerId: string | null;
                    except: string[];
                    /**
                     * @description An instant, ISO 8601 in UTC
                     * @example 2026-03-01T00:00:00.000Z
                     */
                    from: string;
                    /**
                     * @description An instant, ISO 8601 in UTC
                     * @example 2026-03-01T00:00:00.000Z
                     */
                    to: string;
                }[];
            }[];
            adjustments: {
                /** @enum {string} */
                kind: "unit_credit" | "discount" | "promotional" | "tax" | "prepaid";
                /** @description A grant, the attachment of a coupon, a rate of tax */
                ref: string;
                name: string;
                amountMinor: string;
                amount: string;
                units: {
                    meterId: string;
                    quantity: string;
                } | null;
                tax: {
                    percent: string;
                    inclusive: boolean;
                    taxableMinor: string;
                } | null;
            }[];
        };
        InvoicePreview: {
            customerId: string;
            subscriptionId: string | null;
            /** @description Null for a one-off invoice */
            planId: string | null;
            planVersion: number | null;
            currency: string;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            periodStart: string;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            periodEnd: string;
            /** @description The sum of the lines but the true-up */
            subtotalMinor: string;
            trueUpMinor: string;
            taxMinor: string;
            totalMinor: string;
            total: string;
            amountDueMinor: string;
            amountDue: string;
            lines: {
                lineNo: number;
                /**
                 * @description `late`: usage of an earlier period, at its prices, that came after it was invoiced; `periodStart` and `periodEnd` name it
                 * @enum {string}
                 */
                kind: "base" | "flat" | "usage" | "late" | "item" | "true_up";
                /** @description The amount is units × unitPrice + fixed, rounded once */
                rule: string;
                /** @description Of a flat price, an add-on or an item */
                name: string;
                /** @description Key of the meter; null for what is not usage */
                meter: string | null;
                meterId: string | null;
                description: string;
                /** @description For a base price the part of the period */
                quantity: string;
                /** @description The values by which the usage is priced; null: all others */
                dimension: (string | number | boolean | null)[] | null;
                included: string;
                /** @description Units that credits paid for */
                credited: string;
                billable: string;
                /** @description How often the unit price is paid */
                units: string;
                /** @description In the major unit */
                unitPrice: string;
                /** @description In the major unit */
                fixed: string;
                amountMinor: string;
                amount: string;
                discountMinor: string;
                promotionalMinor: string;
                taxRateId: string | null;
                taxMinor: string;
                /**
                 * @description An instant, ISO 8601 in UTC
                 * @example 2026-03-01T00:00:00.000Z
                 */
                periodStart: string;
                /**
                 * @description An instant, ISO 8601 in UTC
                 * @example 2026-03-01T00:00:00.000Z
                 */
                periodEnd: string;
                /** @description Whose events the line counts, from when to when */
                coverage: {
                    /** @description Null: every customer except those of `except` */
                    customerId: string | null;
                    except: string[];
                    /**
                     * @description An instant, ISO 8601 in UTC
                     * @example 2026-03-01T00:00:00.000Z
                     */
                    from: string;
                    /**
                     * @description An instant, ISO 8601 in UTC
                     * @example 2026-03-01T00:00:00.000Z
                     */
                    to: string;
                }[];
            }[];
            adjustments: {
                /** @enum {string} */
                kind: "unit_credit" | "discount" | "promotional" | "tax" | "prepaid";
                /** @description A grant, the attachment of a coupon, a rate of tax */
                ref: string;
                name: string;
                amountMinor: string;
                amount: string;
                units: {
                    meterId: string;
                    quantity: string;
                } | null;
                tax: {
                    percent: string;
                    inclusive: boolean;
                    taxableMinor: string;
                } | null;
            }[];
        };
        Subscription: {
            id: string;
            customerId: string;
            plan: string;
            planId: string;
            planVersion: number;
            /** @enum {string} */
            cycle: "day" | "week" | "month" | "quarter" | "year";
            /** @description How often the base price is due */
            quantity: string;
            /** @description Prices for this subscription alone; null: those of the plan */
            overrides: {
                basePrice?: string;
                minimum?: string;
                prices: ({
                    /** @constant */
                    model: "per_unit";
                    unitPrice: string;
                    /**
                     * @description Units of a whole period that cost nothing
                     * @example 10000
                     */
                    includedUnits: string;
                    /** @description What the usage of a period costs at least */
                    minimum?: string;
                    /** @description What the usage of a period costs at most */
                    maximum?: string;
                    /** @description Id of the meter */
                    meter: string;
                } | {
                    /** @constant */
                    model: "package";
                    packageSize: string;
                    /** @description Of each started package */
                    packagePrice: string;
                    /**
                     * @description Units of a whole period that cost nothing
                     * @example 10000
                     */
                    includedUnits: string;
                    /** @description What the usage of a period costs at least */
                    minimum?: string;
                    /** @description What the usage of a period costs at most */
                    maximum?: string;
                    /** @description Id of the meter */
                    meter: string;
                } | {
                    /** @constant */
                    model: "graduated";
                    tiers: {
                        /** @description Up to and including; null for the last tier, and for no other */
                        upTo: string | null;
                        unitPrice: string;
                        flatFee: string;
                    }[];
                    /**
                     * @description Units of a whole period that cost nothing
                     * @example 10000
                     */
                    includedUnits: string;
                    /** @description What the usage of a period costs at least */
                    minimum?: string;
                    /** @description What the usage of a period costs at most */
                    maximum?: string;
                    /** @description Id of the meter */
                    meter: string;
                } | {
                    /** @constant */
                    model: "volume";
                    tiers: {
                        /** @description Up to and including; null for the last tier, and for no other */
                        upTo: string | null;
                        unitPrice: string;
                        flatFee: string;
                    }[];
                    /**
                     * @description Units of a whole period that cost nothing
                     * @example 10000
                     */
                    includedUnits: string;
                    /** @description What the usage of a period costs at least */
                    minimum?: string;
                    /** @description What the usage of a period costs at most */
                    maximum?: string;
                    /** @description Id of the meter */
                    meter: string;
                } | {
                    /** @constant */
                    model: "percentage";
                    /**
                     * @description Of the sum of the period
                     * @example 2.9
                     */
                    percent: string;
                    fixedPerEvent: string;
                    /**
                     * @description Units of a whole period that cost nothing
                     * @example 10000
                     */
                    includedUnits: string;
                    /** @description What the usage of a period costs at least */
                    minimum?: string;
                    /** @description What the usage of a period costs at most */
                    maximum?: string;
                    /** @description Id of the meter */
                    meter: string;
                } | {
                    /** @constant */
                    model: "by_dimension";
                    /**
                     * @description By which the meter groups
                     * @example [
                     *       "model"
                     *     ]
                     */
                    properties: string[];
                    cases: {
                        values: (string | number | boolean | null)[];
                        price: {
                            /** @constant */
                            model: "per_unit";
                            unitPrice: string;
                            /**
                             * @description Units of a whole period that cost nothing
                             * @example 10000
                             */
                            includedUnits: string;
                            /** @description What the usage of a period costs at least */
                            minimum?: string;
                            /** @description What the usage of a period costs at most */
                            maximum?: string;
                        } | {
                            /** @constant */
                            model: "package";
                            packageSize: string;
                            /** @description Of each started package */
                            packagePrice: string;
                            /**
                             * @description Units of a whole period that cost nothing
                             * @example 10000
                             */
                            includedUnits: string;
                            /** @description What the usage of a period costs at least */
                            minimum?: string;
                            /** @description What the usage of a period costs at most */
                            maximum?: string;
                        } | {
                            /** @constant */
                            model: "graduated";
                            tiers: {
                                /** @description Up to and including; null for the last tier, and for no other */
                                upTo: string | null;
                                unitPrice: string;
                                flatFee: string;
                            }[];
                            /**
                             * @description Units of a whole period that cost nothing
                             * @example 10000
                             */
                            includedUnits: string;
                            /** @description What the usage of a period costs at least */
                            minimum?: string;
                            /** @description What the usage of a period costs at most */
                            maximum?: string;
                        } | {
                            /** @constant */
                            model: "volume";
                            tiers: {
                                /** @description Up to and including; null for the last tier, and for no other */
                                upTo: string | null;
                                unitPrice: string;
                                flatFee: string;
                            }[];
                            /**
                             * @description Units of a whole period that cost nothing
                             * @example 10000
                             */
                            includedUnits: string;
                            /** @description What the usage of a period costs at least */
                            minimum?: string;
                            /** @description What the usage of a period costs at most */
                            maximum?: string;
                        } | {
                            /** @constant */
                            model: "percentage";
                            /**
                             * @description Of the sum of the period
                             * @example 2.9
                             */
                            percent: string;
                            fixedPerEvent: string;
                            /**
                             * @description Units of a whole period that cost nothing
                             * @example 10000
                             */
                            includedUnits: string;
                            /** @description What the usage of a period costs at least */
                            minimum?: string;
                            /** @description What the usage of a period costs at most */
                            maximum?: string;
                        };
                    }[];
                    /** @description For all other values, taken as one */
                    otherwise: {
                        /** @constant */
                        model: "per_unit";
                        unitPrice: string;
                        /**
                         * @description Units of a whole period that cost nothing
                         * @example 10000
                         */
                        includedUnits: string;
                        /** @description What the usage of a period costs at least */
                        minimum?: string;
                        /** @description What the usage of a period costs at most */
                        maximum?: string;
                    } | {
                        /** @constant */
                        model: "package";
                        packageSize: string;
                        /** @description Of each started package */
                        packagePrice: string;
                        /**
                         * @description Units of a whole period that cost nothing
                         * @example 10000
                         */
                        includedUnits: string;
                        /** @description What the usage of a period costs at least */
                        minimum?: string;
                        /** @description What the usage of a period costs at most */
                        maximum?: string;
                    } | {
                        /** @constant */
                        model: "graduated";
                        tiers: {
                            /** @description Up to and including; null for the last tier, and for no other */
                            upTo: string | null;
                            unitPrice: string;
                            flatFee: string;
                        }[];
                        /**
                         * @description Units of a whole period that cost nothing
                         * @example 10000
                         */
                        includedUnits: string;
                        /** @description What the usage of a period costs at least */
                        minimum?: string;
                        /** @description What the usage of a period costs at most */
                        maximum?: string;
                    } | {
                        /** @constant */
                        model: "volume";
                        tiers: {
                            /** @description Up to and including; null for the last tier, and for no other */
                            upTo: string | null;
                            unitPrice: string;
                            flatFee: string;
                        }[];
                        /**
                         * @description Units of a whole period that cost nothing
                         * @example 10000
                         */
                        includedUnits: string;
                        /** @description What the usage of a period costs at least */
                        minimum?: string;
                        /** @description What the usage of a period costs at most */
                        maximum?: string;
                    } | {
                        /** @constant */
                        model: "percentage";
                        /**
                         * @description Of the sum of the period
                         * @example 2.9
                         */
                        percent: string;
                        fixedPerEvent: string;
                        /**
                         * @description Units of a whole period that cost nothing
                         * @example 10000
                         */
                        includedUnits: string;
                        /** @description What the usage of a period costs at least */
                        minimum?: string;
                        /** @description What the usage of a period costs at most */
                        maximum?: string;
                    };
                    /** @description Id of the meter */
                    meter: string;
                })[];
            } | null;
            /** @enum {string} */
            status: "trialing" | "active" | "paused" | "suspended" | "canceled";
            /** @enum {string} */
            anchor: "day" | "instant" | "calendar";
            /** @description The civil time that all periods are counted from */
            anchorLocal: string;
            timeZone: string;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            startedAt: string;
            cancelAt: string | null;
            endedAt: string | null;
            /** @description Why billing has stopped until a person has looked */
            parkedReason: string | null;
            /** @description Usage that comes to so much is billed at once */
            spendThresholdMinor: string | null;
            trialEndsAt: string | null;
            /** @description What it will be sold as instead, and from when on */
            scheduledChange: {
                /**
                 * @description An instant, ISO 8601 in UTC
                 * @example 2026-03-01T00:00:00.000Z
                 */
                at: string;
                plan: string;
                planVersion: number;
                quantity: string;
                overrides: {
                    basePrice?: string;
                    minimum?: string;
                    prices: ({
                        /** @constant */
                        model: "per_unit";
                        unitPrice: string;
                        /**
                         * @description Units of a whole period that cost nothing
                         * @example 10000
                         */
                        includedUnits: string;
                        /** @description What the usage of a period costs at least */
                        minimum?: string;
                        /** @description What the usage of a period costs at most */
                        maximum?: string;
                        /** @description Id of the meter */
                        meter: string;
                    } | {
                        /** @constant */
                        model: "package";
                        packageSize: string;
                        /** @description Of each started package */
                        packagePrice: string;
                        /**
                         * @description Units of a whole period that cost nothing
                         * @example 10000
                         */
                        includedUnits: string;
                        /** @description What the usage of a period costs at least */
                        minimum?: string;
                        /** @description What the usage of a period costs at most */
                        maximum?: string;
                        /** @description Id of the meter */
                        meter: string;
                    } | {
                        /** @constant */
                        model: "graduated";
                        tiers: {
                            /** @description Up to and including; null for the last tier, and for no other */
                            upTo: string | null;
                            unitPrice: string;
                            flatFee: string;
                        }[];
                        /**
                         * @description Units of a whole period that cost nothing
                         * @example 10000
                         */
                        includedUnits: string;
                        /** @description What the usage of a period costs at least */
                        minimum?: string;
                        /** @description What the usage of a period costs at most */
                        maximum?: string;
                        /** @description Id of the meter */
                        meter: string;
                    } | {
                        /** @constant */
                        model: "volume";
                        tiers: {
                            /** @description Up to and including; null for the last tier, and for no other */
                            upTo: string | null;
                            unitPrice: string;
                            flatFee: string;
                        }[];
                        /**
                         * @description Units of a whole period that cost nothing
                         * @example 10000
                         */
                        includedUnits: string;
                        /** @description What the usage of a period costs at least */
                        minimum?: string;
                        /** @description What the usage of a period costs at most */
                        maximum?: string;
                        /** @description Id of the meter */
                        meter: string;
                    } | {
                        /** @constant */
                        model: "percentage";
                        /**
                         * @description Of the sum of the period
                         * @example 2.9
                         */
                        percent: string;
                        fixedPerEvent: string;
                        /**
                         * @description Units of a whole period that cost nothing
                         * @example 10000
                         */
                        includedUnits: string;
                        /** @description What the usage of a period costs at least */
                        minimum?: string;
                        /** @description What the usage of a period costs at most */
                        maximum?: string;
                        /** @description Id of the meter */
                        meter: string;
                    } | {
                        /** @constant */
                        model: "by_dimension";
                        /**
                         * @description By which the meter groups
                         * @example [
                         *       "model"
                         *     ]
                         */
                        properties: string[];
                        cases: {
                            values: (string | number | boolean | null)[];
                            price: {
                                /** @constant */
                                model: "per_unit";
                                unitPrice: string;
                                /**
                                 * @description Units of a whole period that cost nothing
                                 * @example 10000
                                 */
                                includedUnits: string;
                                /** @description What the usage of a period costs at least */
                                minimum?: string;
                                /** @description What the usage of a period costs at most */
                                maximum?: string;
                            } | {
                                /** @constant */
                                model: "package";
                                packageSize: string;
                                /** @description Of each started package */
                                packagePrice: string;
                                /**
                                 * @description Units of a whole period that cost nothing
                                 * @example 10000
                                 */
                                includedUnits: string;
                                /** @description What the usage of a period costs at least */
                                minimum?: string;
                                /** @description What the usage of a period costs at most */
                                maximum?: string;
                            } | {
                                /** @constant */
                                model: "graduated";
                                tiers: {
                                    /** @description Up to and including; null for the last tier, and for no other */
                                    upTo: string | null;
                                    unitPrice: string;
                                    flatFee: string;
                                }[];
                                /**
                                 * @description Units of a whole period that cost nothing
                                 * @example 10000
                                 */
                                includedUnits: string;
                                /** @description What the usage of a period costs at least */
                                minimum?: string;
                                /** @description What the usage of a period costs at most */
                                maximum?: string;
                            } | {
                                /** @constant */
                                model: "volume";
                                tiers: {
                                    /** @description Up to and including; null for the last tier, and for no other */
                                    upTo: string | null;
                                    unitPrice: string;
                                    flatFee: string;
                                }[];
                                /**
                                 * @description Units of a whole period that cost nothing
                                 * @example 10000
                                 */
                                includedUnits: string;
                                /** @description What the usage of a period costs at least */
                                minimum?: string;
                                /** @description What the usage of a period costs at most */
                                maximum?: string;
                            } | {
                                /** @constant */
                                model: "percentage";
                                /**
                                 * @description Of the sum of the period
                                 * @example 2.9
                                 */
                                percent: string;
                                fixedPerEvent: string;
                                /**
                                 * @description Units of a whole period that cost nothing
                                 * @example 10000
                                 */
                                includedUnits: string;
                                /** @description What the usage of a period costs at least */
                                minimum?: string;
                                /** @description What the usage of a period costs at most */
                                maximum?: string;
                            };
                        }[];
                        /** @description For all other values, taken as one */
                        otherwise: {
                            /** @constant */
                            model: "per_unit";
                            unitPrice: string;
                            /**
                             * @description Units of a whole period that cost nothing
                             * @example 10000
                             */
                            includedUnits: string;
                            /** @description What the usage of a period costs at least */
                            minimum?: string;
                            /** @description What the usage of a period costs at most */
                            maximum?: string;
                        } | {
                            /** @constant */
                            model: "package";
                            packageSize: string;
                            /** @description Of each started package */
                            packagePrice: string;
                            /**
                             * @description Units of a whole period that cost nothing
                             * @example 10000
                             */
                            includedUnits: string;
                            /** @description What the usage of a period costs at least */
                            minimum?: string;
                            /** @description What the usage of a period costs at most */
                            maximum?: string;
                        } | {
                            /** @constant */
                            model: "graduated";
                            tiers: {
                                /** @description Up to and including; null for the last tier, and for no other */
                                upTo: string | null;
                                unitPrice: string;
                                flatFee: string;
                            }[];
                            /**
                             * @description Units of a whole period that cost nothing
                             * @example 10000
                             */
                            includedUnits: string;
                            /** @description What the usage of a period costs at least */
                            minimum?: string;
                            /** @description What the usage of a period costs at most */
                            maximum?: string;
                        } | {
                            /** @constant */
                            model: "volume";
                            tiers: {
                                /** @description Up to and including; null for the last tier, and for no other */
                                upTo: string | null;
                                unitPrice: string;
                                flatFee: string;
                            }[];
                            /**
                             * @description Units of a whole period that cost nothing
                             * @example 10000
                             */
                            includedUnits: string;
                            /** @description What the usage of a period costs at least */
                            minimum?: string;
                            /** @description What the usage of a period costs at most */
                            maximum?: string;
                        } | {
                            /** @constant */
                            model: "percentage";
                            /**
                             * @description Of the sum of the period
                             * @example 2.9
                             */
                            percent: string;
                            fixedPerEvent: string;
                            /**
                             * @description Units of a whole period that cost nothing
                             * @example 10000
                             */
                            includedUnits: string;
                            /** @description What the usage of a period costs at least */
                            minimum?: string;
                            /** @description What the usage of a period costs at most */
                            maximum?: string;
                        };
                        /** @description Id of the meter */
                        meter: string;
                    })[];
                } | null;
            } | null;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            createdAt: string;
        };
        SubscriptionWithPeriods: {
            id: string;
            customerId: string;
            plan: string;
            planId: string;
            planVersion: number;
            /** @enum {string} */
            cycle: "day" | "week" | "month" | "quarter" | "year";
            /** @description How often the base price is due */
            quantity: string;
            /** @description Prices for this subscription alone; null: those of the plan */
            overrides: {
                basePrice?: string;
                minimum?: string;
                prices: ({
                    /** @constant */
                    model: "per_unit";
                    unitPrice: string;
                    /**
                     * @description Units of a whole period that cost nothing
                     * @example 10000
                     */
                    includedUnits: string;
                    /** @description What the usage of a period costs at least */
                    minimum?: string;
                    /** @description What the usage of a period costs at most */
                    maximum?: string;
                    /** @description Id of the meter */
                    meter: string;
                } | {
                    /** @constant */
                    model: "package";
                    packageSize: string;
                    /** @description Of each started package */
                    packagePrice: string;
                    /**
                     * @description Units of a whole period that cost nothing
                     * @example 10000
                     */
                    includedUnits: string;
                    /** @description What the usage of a period costs at least */
                    minimum?: string;
                    /** @description What the usage of a period costs at most */
                    maximum?: string;
                    /** @description Id of the meter */
                    meter: string;
                } | {
                    /** @constant */
                    model: "graduated";
                    tiers: {
                        /** @description Up to and including; null for the last tier, and for no other */
                        upTo: string | null;
                        unitPrice: string;
                        flatFee: string;
                    }[];
                    /**
                     * @description Units of a whole period that cost nothing
                     * @example 10000
                     */
                    includedUnits: string;
                    /** @description What the usage of a period costs at least */
                    minimum?: string;
                    /** @description What the usage of a period costs at most */
                    maximum?: string;
                    /** @description Id of the meter */
                    meter: string;
                } | {
                    /** @constant */
                    model: "volume";
                    tiers: {
                        /** @description Up to and including; null for the last tier, and for no other */
                        upTo: string | null;
                        unitPrice: string;
                        flatFee: string;
                    }[];
                    /**
                     * @description Units of a whole period that cost nothing
                     * @example 10000
                     */
                    includedUnits: string;
                    /** @description What the usage of a period costs at least */
                    minimum?: string;
                    /** @description What the usage of a period costs at most */
                    maximum?: string;
                    /** @description Id of the meter */
                    meter: string;
                } | {
                    /** @constant */
                    model: "percentage";
                    /**
                     * @description Of the sum of the period
                     * @example 2.9
                     */
                    percent: string;
                    fixedPerEvent: string;
                    /**
                     * @description Units of a whole period that cost nothing
                     * @example 10000
                     */
                    includedUnits: string;
                    /** @description What the usage of a period costs at least */
                    minimum?: string;
                    /** @description What the usage of a period costs at most */
                    maximum?: string;
                    /** @description Id of the meter */
                    meter: string;
                } | {
                    /** @constant */
                    model: "by_dimension";
                    /**
                     * @description By which the meter groups
                     * @example [
                     *       "model"
                     *     ]
                     */
                    properties: string[];
                    cases: {
                        values: (string | number | boolean | null)[];
                        price: {
                            /** @constant */
                            model: "per_unit";
                            unitPrice: string;
                            /**
                             * @description Units of a whole period that cost nothing
                             * @example 10000
                             */
                            includedUnits: string;
                            /** @description What the usage of a period costs at least */
                            minimum?: string;
                            /** @description What the usage of a period costs at most */
                            maximum?: string;
                        } | {
                            /** @constant */
                            model: "package";
                            packageSize: string;
                            /** @description Of each started package */
                            packagePrice: string;
                            /**
                             * @description Units of a whole period that cost nothing
                             * @example 10000
                             */
                            includedUnits: string;
                            /** @description What the usage of a period costs at least */
                            minimum?: string;
                            /** @description What the usage of a period costs at most */
                            maximum?: string;
                        } | {
                            /** @constant */
                            model: "graduated";
                            tiers: {
                                /** @description Up to and including; null for the last tier, and for no other */
                                upTo: string | null;
                                unitPrice: string;
                                flatFee: string;
                            }[];
                            /**
                             * @description Units of a whole period that cost nothing
                             * @example 10000
                             */
                            includedUnits: string;
                            /** @description What the usage of a period costs at least */
                            minimum?: string;
                            /** @description What the usage of a period costs at most */
                            maximum?: string;
                        } | {
                            /** @constant */
                            model: "volume";
                            tiers: {
                                /** @description Up to and including; null for the last tier, and for no other */
                                upTo: string | null;
                                unitPrice: string;
                                flatFee: string;
                            }[];
                            /**
                             * @description Units of a whole period that cost nothing
                             * @example 10000
                             */
                            includedUnits: string;
                            /** @description What the usage of a period costs at least */
                            minimum?: string;
                            /** @description What the usage of a period costs at most */
                            maximum?: string;
                        } | {
                            /** @constant */
                            model: "percentage";
                            /**
                             * @description Of the sum of the period
                             * @example 2.9
                             */
                            percent: string;
                            fixedPerEvent: string;
                            /**
                             * @description Units of a whole period that cost nothing
                             * @example 10000
                             */
                            includedUnits: string;
                            /** @description What the usage of a period costs at least */
                            minimum?: string;
                            /** @description What the usage of a period costs at most */
                            maximum?: string;
                        };
                    }[];
                    /** @description For all other values, taken as one */
                    otherwise: {
                        /** @constant */
                        model: "per_unit";
                        unitPrice: string;
                        /**
                         * @description Units of a whole period that cost nothing
                         * @example 10000
                         */
                        includedUnits: string;
                        /** @description What the usage of a period costs at least */
                        minimum?: string;
                        /** @description What the usage of a period costs at most */
                        maximum?: string;
                    } | {
                        /** @constant */
                        model: "package";
                        packageSize: string;
                        /** @description Of each started package */
                        packagePrice: string;
                        /**
                         * @description Units of a whole period that cost nothing
                         * @example 10000
                         */
                        includedUnits: string;
                        /** @description What the usage of a period costs at least */
                        minimum?: string;
                        /** @description What the usage of a period costs at most */
                        maximum?: string;
                    } | {
                        /** @constant */
                        model: "graduated";
                        tiers: {
                            /** @description Up to and including; null for the last tier, and for no other */
                            upTo: string | null;
                            unitPrice: string;
                            flatFee: string;
                        }[];
                        /**
                         * @description Units of a whole period that cost nothing
                         * @example 10000
                         */
                        includedUnits: string;
                        /** @description What the usage of a period costs at least */
                        minimum?: string;
                        /** @description What the usage of a period costs at most */
                        maximum?: string;
                    } | {
                        /** @constant */
                        model: "volume";
                        tiers: {
                            /** @description Up to and including; null for the last tier, and for no other */
                            upTo: string | null;
                            unitPrice: string;
                            flatFee: string;
                        }[];
                        /**
                         * @description Units of a whole period that cost nothing
                         * @example 10000
                         */
                        includedUnits: string;
                        /** @description What the usage of a period costs at least */
                        minimum?: string;
                        /** @description What the usage of a period costs at most */
                        maximum?: string;
                    } | {
                        /** @constant */
                        model: "percentage";
                        /**
                         * @description Of the sum of the period
                         * @example 2.9
                         */
                        percent: string;
                        fixedPerEvent: string;
                        /**
                         * @description Units of a whole period that cost nothing
                         * @example 10000
                         */
                        includedUnits: string;
                        /** @description What the usage of a period costs at least */
                        minimum?: string;
                        /** @description What the usage of a period costs at most */
                        maximum?: string;
                    };
                    /** @description Id of the meter */
                    meter: string;
                })[];
            } | null;
            /** @enum {string} */
            status: "trialing" | "active" | "paused" | "suspended" | "canceled";
            /** @enum {string} */
            anchor: "day" | "instant" | "calendar";
            /** @description The civil time that all periods are counted from */
            anchorLocal: string;
            timeZone: string;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            startedAt: string;
            cancelAt: string | null;
            endedAt: string | null;
            /** @description Why billing has stopped until a person has looked */
            parkedReason: string | null;
            /** @description Usage that comes to so much is billed at once */
            spendThresholdMinor: string | null;
            trialEndsAt: string | null;
            /** @description What it will be sold as instead, and from when on */
            scheduledChange: {
                /**
                 * @description An instant, ISO 8601 in UTC
                 * @example 2026-03-01T00:00:00.000Z
                 */
                at: string;
                plan: string;
                planVersion: number;
                quantity: string;
                overrides: {
                    basePrice?: string;
                    minimum?: string;
                    prices: ({
                        /** @constant */
                        model: "per_unit";
                        unitPrice: string;
                        /**
                         * @description Units of a whole period that cost nothing
                         * @example 10000
                         */
                        includedUnits: string;
                        /** @description What the usage of a period costs at least */
                        minimum?: string;
                        /** @description What the usage of a period costs at most */
                        maximum?: string;
                        /** @description Id of the meter */
                        meter: string;
                    } | {
                        /** @constant */
                        model: "package";
                        packageSize: string;
                        /** @description Of each started package */
                        packagePrice: string;
                        /**
                         * @description Units of a whole period that cost nothing
                         * @example 10000
                         */
                        includedUnits: string;
                        /** @description What the usage of a period costs at least */
                        minimum?: string;
                        /** @description What the usage of a period costs at most */
                        maximum?: string;
                        /** @description Id of the meter */
                        meter: string;
                    } | {
                        /** @constant */
                        model: "graduated";
                        tiers: {
                            /** @description Up to and including; null for the last tier, and for no other */
                            upTo: string | null;
                            unitPrice: string;
                            flatFee: string;
                        }[];
                        /**
                         * @description Units of a whole period that cost nothing
                         * @example 10000
                         */
                        includedUnits: string;
                        /** @description What the usage of a period costs at least */
                        minimum?: string;
                        /** @description What the usage of a period costs at most */
                        maximum?: string;
                        /** @description Id of the meter */
                        meter: string;
                    } | {
                        /** @constant */
                        model: "volume";
                        tiers: {
                            /** @description Up to and including; null for the last tier, and for no other */
                            upTo: string | null;
                            unitPrice: string;
                            flatFee: string;
                        }[];
                        /**
                         * @description Units of a whole period that cost nothing
                         * @example 10000
                         */
                        includedUnits: string;
                        /** @description What the usage of a period costs at least */
                        minimum?: string;
                        /** @description What the usage of a period costs at most */
                        maximum?: string;
                        /** @description Id of the meter */
                        meter: string;
                    } | {
                        /** @constant */
                        model: "percentage";
                        /**
                         * @description Of the sum of the period
                         * @example 2.9
                         */
                        percent: string;
                        fixedPerEvent: string;
                        /**
                         * @description Units of a whole period that cost nothing
                         * @example 10000
                         */
                        includedUnits: string;
                        /** @description What the usage of a period costs at least */
                        minimum?: string;
                        /** @description What the usage of a period costs at most */
                        maximum?: string;
                        /** @description Id of the meter */
                        meter: string;
                    } | {
                        /** @constant */
                        model: "by_dimension";
                        /**
                         * @description By which the meter groups
                         * @example [
                         *       "model"
                         *     ]
                         */
                        properties: string[];
                        cases: {
                            values: (string | number | boolean | null)[];
                            price: {
                                /** @constant */
                                model: "per_unit";
                                unitPrice: string;
                                /**
                                 * @description Units of a whole period that cost nothing
                                 * @example 10000
                                 */
                                includedUnits: string;
                                /** @description What the usage of a period costs at least */
                                minimum?: string;
                                /** @description What the usage of a period costs at most */
                                maximum?: string;
                            } | {
                                /** @constant */
                                model: "package";
                                packageSize: string;
                                /** @description Of each started package */
                                packagePrice: string;
                                /**
                                 * @description Units of a whole period that cost nothing
                                 * @example 10000
                                 */
                                includedUnits: string;
                                /** @description What the usage of a period costs at least */
                                minimum?: string;
                                /** @description What the usage of a period costs at most */
                                maximum?: string;
                            } | {
                                /** @constant */
                                model: "graduated";
                                tiers: {
                                    /** @description Up to and including; null for the last tier, and for no other */
                                    upTo: string | null;
                                    unitPrice: string;
                                    flatFee: string;
                                }[];
                                /**
                                 * @description Units of a whole period that cost nothing
                                 * @example 10000
                                 */
                                includedUnits: string;
                                /** @description What the usage of a period costs at least */
                                minimum?: string;
                                /** @description What the usage of a period costs at most */
                                maximum?: string;
                            } | {
                                /** @constant */
                                model: "volume";
                                tiers: {
                                    /** @description Up to and including; null for the last tier, and for no other */
                                    upTo: string | null;
                                    unitPrice: string;
                                    flatFee: string;
                                }[];
                                /**
                                 * @description Units of a whole period that cost nothing
                                 * @example 10000
                                 */
                                includedUnits: string;
                                /** @description What the usage of a period costs at least */
                                minimum?: string;
                                /** @description What the usage of a period costs at most */
                                maximum?: string;
                            } | {
                                /** @constant */
                                model: "percentage";
                                /**
                                 * @description Of the sum of the period
                                 * @example 2.9
                                 */
                                percent: string;
                                fixedPerEvent: string;
                                /**
                                 * @description Units of a whole period that cost nothing
                                 * @example 10000
                                 */
                                includedUnits: string;
                                /** @description What the usage of a period costs at least */
                                minimum?: string;
                                /** @description What the usage of a period costs at most */
                                maximum?: string;
                            };
                        }[];
                        /** @description For all other values, taken as one */
                        otherwise: {
                            /** @constant */
                            model: "per_unit";
                            unitPrice: string;
                            /**
                             * @description Units of a whole period that cost nothing
                             * @example 10000
                             */
                            includedUnits: string;
                            /** @description What the usage of a period costs at least */
                            minimum?: string;
                            /** @description What the usage of a period costs at most */
                            maximum?: string;
                        } | {
                            /** @constant */
                            model: "package";
                            packageSize: string;
                            /** @description Of each started package */
                            packagePrice: string;
                            /**
                             * @description Units of a whole period that cost nothing
                             * @example 10000
                             */
                            includedUnits: string;
                            /** @description What the usage of a period costs at least */
                            minimum?: string;
                            /** @description What the usage of a period costs at most */
                            maximum?: string;
                        } | {
                            /** @constant */
                            model: "graduated";
                            tiers: {
                                /** @description Up to and including; null for the last tier, and for no other */
                                upTo: string | null;
                                unitPrice: string;
                                flatFee: string;
                            }[];
                            /**
                             * @description Units of a whole period that cost nothing
                             * @example 10000
                             */
                            includedUnits: string;
                            /** @description What the usage of a period costs at least */
                            minimum?: string;
                            /** @description What the usage of a period costs at most */
                            maximum?: string;
                        } | {
                            /** @constant */
                            model: "volume";
                            tiers: {
                                /** @description Up to and including; null for the last tier, and for no other */
                                upTo: string | null;
                                unitPrice: string;
                                flatFee: string;
                            }[];
                            /**
                             * @description Units of a whole period that cost nothing
                             * @example 10000
                             */
                            includedUnits: string;
                            /** @description What the usage of a period costs at least */
                            minimum?: string;
                            /** @description What the usage of a period costs at most */
                            maximum?: string;
                        } | {
                            /** @constant */
                            model: "percentage";
                            /**
                             * @description Of the sum of the period
                             * @example 2.9
                             */
                            percent: string;
                            fixedPerEvent: string;
                            /**
                             * @description Units of a whole period that cost nothing
                             * @example 10000
                             */
                            includedUnits: string;
                            /** @description What the usage of a period costs at least */
                            minimum?: string;
                            /** @description What the usage of a period costs at most */
                            maximum?: string;
                        };
                        /** @description Id of the meter */
                        meter: string;
                    })[];
                } | null;
            } | null;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            createdAt: string;
            /** @description The newest first, at most 100 */
            periods: {
                periodNo: number;
                /**
                 * @description An instant, ISO 8601 in UTC
                 * @example 2026-03-01T00:00:00.000Z
                 */
                start: string;
                /**
                 * @description An instant, ISO 8601 in UTC
                 * @example 2026-03-01T00:00:00.000Z
                 */
                end: string;
                /** @enum {string} */
                state: "open" | "closed" | "invoiced";
                /** @description False in a trial and a pause */
                isBilled: boolean;
            }[];
        };
        ChangePreview: {
            /**
             * @description When the change would hold
             * @example 2026-03-01T00:00:00.000Z
             */
            at: string;
            /** @description The period under way, as it is sold; null: it is not billed */
            before: components["schemas"]["InvoicePreview"] | null;
            /** @description The same, as it would be sold */
            after: components["schemas"]["InvoicePreview"] | null;
            /** @description Of the totals; null between two currencies */
            differenceMinor: string | null;
        };
        Overview: {
            /**
             * @description The environment's time
             * @example 2026-03-01T00:00:00.000Z
             */
            now: string;
            usage: {
                /**
                 * @description What was committed before is counted
                 * @example 2026-03-01T00:00:00.000Z
                 */
                asOf: string;
                lagSeconds: number;
                hasEvents: boolean;
            };
            /** @description Base prices of active subscriptions a month, by currency */
            monthlyRecurring: {
                currency: string;
                amountMinor: string;
                /**
                 * @description In the major unit
                 * @example 120.00
                 */
                amount: string;
                subscriptions: number;
            }[];
            subscriptions: {
                byStatus: {
                    [key: string]: number;
                };
                /** @description Whose billing was stopped and waits for somebody */
                parked: number;
            };
            /** @description Finalized in this month and the five before, in UTC */
            revenue: {
                currency: string;
                amountMinor: string;
                /**
                 * @description In the major unit
                 * @example 120.00
                 */
                amount: string;
                /**
                 * @description An instant, ISO 8601 in UTC
                 * @example 2026-03-01T00:00:00.000Z
                 */
                month: string;
                invoices: number;
            }[];
            /** @description Who was invoiced most in these months */
            topCustomers: {
                currency: string;
                amountMinor: string;
                /**
                 * @description In the major unit
                 * @example 120.00
                 */
                amount: string;
                customerId: string;
                name: string;
            }[];
            /** @description Finalized and not paid, by currency */
            owed: {
                currency: string;
                amountMinor: string;
                /**
                 * @description In the major unit
                 * @example 120.00
                 */
                amount: string;
                invoices: number;
                failed: number;
                overdue: number;
                overdueMinor: string;
            }[];
            hasInvoices: boolean;
            webhooks: {
                endpoints: number;
                /** @description Not by hand */
                disabled: number;
                failing: number;
                /** @description Deliveries that wait; counted up to 10,000 */
                pending: number;
                /** @description Those that are failing, or were disabled and not by hand */
                troubled: {
                    id: string;
                    url: string;
                    /** @enum {string} */
                    trouble: "failing" | "disabled";
                }[];
            };
            /** @description Triggers of which Stripe refused something that waits for somebody, and how much; counted up to 10,000 */
            refusedByStripe: {
                triggerId: string;
                refused: number;
            }[];
        };
        AutoTopUp: {
            id: string;
            customerId: string;
            /** @description Null: money */
            meterId: string | null;
            currency: string;
            /** @description Units, or minor units of money, like `amount` */
            below: string;
            amount: string;
            priceMinor: string;
            price: string;
            /** @description After one that failed */
            pausedUntil: string | null;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            createdAt: string;
        };
        CollectionSettings: {
            /**
             * @description `automatic` charges invoices when they are finalized; `manual` waits for somebody
             * @enum {string}
             */
            collection: "automatic" | "manual";
            /** @description Days from each failed attempt to the next. When they are used up the invoice has failed and its subscription is suspended */
            retryAfterDays: number[];
        };
        Dispute: {
            /** @description What the provider calls it */
            id: string;
            paymentId: string;
            amountMinor: string;
            amount: string;
            currency: string;
            /** @description In the words of the provider */
            reason: string;
            /**
             * @description `won`: you keep the money; `lost`: the customer has it; `closed`: none moved
             * @enum {string}
             */
            status: "open" | "won" | "lost" | "closed";
            /** @description Until when the provider takes evidence */
            evidenceDueAt: string | null;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            openedAt: string;
            closedAt: string | null;
        };
        Payment: {
            id: string;
            /** @enum {string} */
            kind: "charge" | "refund";
            /**
             * @description Begun by the schedule of the environment, or by a request
             * @enum {string}
             */
            origin: "schedule" | "request";
            invoiceId: string;
            customerId: string;
            /** @description Null: the customer had no payment method */
            provider: ("manual" | "test" | "stripe") | null;
            paymentMethodId: string | null;
            refundOf: string | null;
            amountMinor: string;
            amount: string;
            currency: string;
            /** @enum {string} */
            status: "pending" | "action_required" | "succeeded" | "failed" | "canceled";
            failureCode: string | null;
            /** @description It was ended by hand and has taken money that its invoice is not owed: it is to be given back */
            surplus: boolean;
            /** @description What the provider calls it */
            providerRef: string | null;
            /** @description Where the customer does what the payment waits for */
            actionUrl: string | null;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            createdAt: string;
            settledAt: string | null;
        };
        PaymentMethod: {
            id: string;
            customerId: string;
            /** @enum {string} */
            provider: "test" | "stripe";
            token: string;
            /** @description What people call it, like `Visa •••• 4242` */
            label: string;
            /** @description The last month of a card, like `2030-04` */
            expiresOn: string | null;
            /** @description Invoices are collected with it */
            isDefault: boolean;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            attachedAt: string;
        };
        ListedPayment: {
            id: string;
            /** @enum {string} */
            kind: "charge" | "refund";
            /**
             * @description Begun by the schedule of the environment, or by a request
             * @enum {string}
             */
            origin: "schedule" | "request";
            invoiceId: string;
            customerId: string;
            /** @description Null: the customer had no payment method */
            provider: ("manual" | "test" | "stripe") | null;
            paymentMethodId: string | null;
            refundOf: string | null;
            amountMinor: string;
            amount: string;
            currency: string;
            /** @enum {string} */
            status: "pending" | "action_required" | "succeeded" | "failed" | "canceled";
            failureCode: string | null;
            /** @description It was ended by hand and has taken money that its invoice is not owed: it is to be given back */
            surplus: boolean;
            /** @description What the provider calls it */
            providerRef: string | null;
            /** @description Where the customer does what the payment waits for */
            actionUrl: string | null;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            createdAt: string;
            settledAt: string | null;
            invoiceNumber: string | null;
            /** @description What people call the payment method, like `Visa •••• 4242` */
            paymentMethodLabel: string | null;
            /** @description The newest first */
            disputes: components["schemas"]["Dispute"][];
        };
        /** @description What went wrong: `code` is for programs, `message` for people */
        Error: {
            error: {
                /** @example request.malformed */
                code: string;
                message: string;
                details: {
                    [key: string]: unknown;
                };
                /** @example req_01h455vb4pex5vsknk084sn02q */
                requestId: string;
                docs: string;
            };
        };
        PortalDocument: {
            currency: string;
            number: string | null;
            issuedAt: string | null;
            dueAt: string | null;
            period: {
                /**
                 * @description An instant, ISO 8601 in UTC
                 * @example 2026-03-01T00:00:00.000Z
                 */
                start: string;
                /**
                 * @description An instant, ISO 8601 in UTC
                 * @example 2026-03-01T00:00:00.000Z
                 */
                end: string;
            } | null;
            lines: {
                description: string;
                /** @description Null: that of the document */
                period: {
                    /**
                     * @description An instant, ISO 8601 in UTC
                     * @example 2026-03-01T00:00:00.000Z
                     */
                    start: string;
                    /**
                     * @description An instant, ISO 8601 in UTC
                     * @example 2026-03-01T00:00:00.000Z
                     */
                    end: string;
                } | null;
                quantity: string | null;
                /** @description In the major unit */
                unitPrice: string | null;
                amountMinor: string;
            }[];
            /** @description In the order in which they are added up */
            sums: {
                kind: string;
                name: string;
                amountMinor: string;
            }[];
            note: string | null;
        };
        PortalLink: {
            id: string;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            createdAt: string;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            expiresAt: string;
            returnUrl: string | null;
            allowPlanChange: boolean;
        };
        PortalSettings: {
            accentColor: string | null;
            /** @description Keys of the plans that customers may change to by themselves */
            plans: string[];
        };
        PortalPlan: {
            key: string;
            name: string;
            currency: string;
            version: number;
            /** @description When it may be changed to */
            times: ("now" | "period_end")[];
            /** @enum {string} */
            cycle: "day" | "week" | "month" | "quarter" | "year";
            baseMinor: string;
            prices: {
                meter: string;
                unit: string;
                included: string;
                model: string;
                /** @description In the major unit; null where it is not one price */
                unitPrice: string | null;
            }[];
        };
        PortalSubscription: {
            id: string;
            /** @description Its name */
            plan: string;
            /** @enum {string} */
            status: "trialing" | "active" | "paused" | "suspended" | "canceled";
            /** @enum {string} */
            cycle: "day" | "week" | "month" | "quarter" | "year";
            periodStart: string | null;
            periodEnd: string | null;
            trialEndsAt: string | null;
            endsAt: string | null;
            /** @description What it will be instead, and from when on */
            planned: {
                /**
                 * @description An instant, ISO 8601 in UTC
                 * @example 2026-03-01T00:00:00.000Z
                 */
                at: string;
                plan: string;
            } | null;
            /** @description What the customer may change it to */
            choices: components["schemas"]["PortalPlan"][];
        };
        PortalSummary: {
            customer: {
                /** @description Null: it was given none */
                name: string | null;
            };
            organization: {
                name: string;
                email: string | null;
                accentColor: string | null;
                hasLogo: boolean;
            };
            /** @description A language tag: how figures and days are written */
            language: string;
            timeZone: string;
            /** @description Nothing of it is charged in earnest */
            isTest: boolean;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            now: string;
            /**
             * @description When the link ends, in real time
             * @example 2026-03-01T00:00:00.000Z
             */
            expiresAt: string;
            returnUrl: string | null;
        };
        BillingSettings: {
            /**
             * @description Who sends the invoices
             * @example CloudAI, Inc.
             */
            sellerName: string;
            /** @description Line by line */
            sellerAddress: string[];
            taxNumbers: string[];
            email: string | null;
            /**
             * @description Of customers who have none of their own
             * @enum {string}
             */
            language: "en" | "de" | "fr" | "es" | "it" | "pt" | "nl";
            /** @description In which the days on documents are counted */
            timeZone: string;
            /**
             * @description With {number} or {number:6}, and if you like {year} and {month}
             * @example INV-{number:6}
             */
            numberPattern: string;
            /**
             * @description The same for credit notes, which are numbered apart
             * @example CN-{number:6}
             */
            creditNotePattern: string;
            /** @description Below the sums, like terms of payment */
            note: string | null;
            hasLogo: boolean;
        };
        StripeConnection: {
            accountId: string;
            apiKeyLastFour: string;
            /** @description Where Stripe is to send events: make an endpoint there with it */
            webhookUrl: string;
            /** @description What the endpoint at Stripe is to send */
            webhookEventTypes: string[];
            hasWebhookSecret: boolean;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            connectedAt: string;
            lastEvent: {
                /**
                 * @description An instant, ISO 8601 in UTC
                 * @example 2026-03-01T00:00:00.000Z
                 */
                at: string;
                type: string;
            } | null;
            /** @description The last call for which Stripe refused the key */
            lastError: {
                /**
                 * @description An instant, ISO 8601 in UTC
                 * @example 2026-03-01T00:00:00.000Z
                 */
                at: string;
                code: string;
            } | null;
        };
        StripeInvoice: {
            invoiceId: string;
            triggerId: string;
            customerId: string;
            currency: string;
            /** @description What is due, to which its items at Stripe add up */
            amountMinor: string;
            amount: string;
            /**
             * @description `waiting`: Stripe has nothing of it. `sending`: it has none, some or all. `sent`: it has all. `paid`: Stripe was paid. `refused`: Stripe does not take it as it is. `withdrawing`: paid by hand or void here, to be taken back there. `withdrawn`: nothing of it is billed there
             * @enum {string}
             */
            state: "waiting" | "sending" | "sent" | "paid" | "refused" | "withdrawing" | "withdrawn";
            /** @description Why it waits or was refused: a word of ours, or the code of Stripe */
            reason: string | null;
            /** @description What Stripe said */
            reasonText: string | null;
            whatToDo: string | null;
            stripeCustomerId: string | null;
            /** @description The invoice that was made for it, or the one that its items came on */
            stripeInvoiceId: string | null;
            /** @description In the words of Stripe */
            stripeInvoiceStatus: string | null;
            attempts: number;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            createdAt: string;
            sentAt: string | null;
        };
        StripeTrigger: {
            id: string;
            /** @enum {string} */
            type: "stripe_usage" | "stripe_subscription" | "stripe_invoice";
            /** @description Key of the meter whose usage is told; null for `stripe_invoice` */
            meter: string | null;
            /** @description Of Stripe; nothing is told while another one is connected */
            accountId: string;
            priceId: string | null;
            /** @description Of `stripe_usage` */
            stripeMeterId: string | null;
            /** @description Of `stripe_usage` */
            eventName: string | null;
            /** @description Of `stripe_subscription` */
            prorationBehavior: ("none" | "create_prorations" | "always_invoice") | null;
            /** @description Of `stripe_invoice` */
            createInvoices: boolean | null;
            /** @description Of `stripe_invoice` that makes invoices */
            collectionMethod: ("charge_automatically" | "send_invoice") | null;
            /** @description Null for `stripe_invoice` */
            multiplier: string | null;
            createCustomers: boolean;
            /** @description Null for `stripe_invoice` */
            usageFrom: string | null;
            active: boolean;
            /** @description How many are in which state: records, or of `stripe_invoice` invoices, which have three states more */
            records: {
                waiting: number;
                sending: number;
                sent: number;
                refused: number;
                carried: number;
                paid?: number;
                withdrawing?: number;
                withdrawn?: number;
            };
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            createdAt: string;
        };
        StripeSyncRecord: {
            id: string;
            triggerId: string;
            customerId: string;
            /**
             * @description The hour of the usage; the time of the event at Stripe. Of `stripe_subscription`, when the period of the item began there
             * @example 2026-03-01T00:00:00.000Z
             */
            hour: string;
            /** @description In units of the meter; negative where usage was taken back */
            quantity: string;
            /** @description What Stripe is sent: a whole number. Of `stripe_subscription`, the quantity that is set: `quantity` times the multiplier, rounded up to a whole unit */
            value: string;
            /**
             * @description `waiting`: to be sent. `sending`: sent, and the answer is not known. `sent`: Stripe has it. `refused`: Stripe does not take it. `carried`: no whole unit yet, goes along with later usage
             * @enum {string}
             */
            state: "waiting" | "sending" | "sent" | "refused" | "carried";
            /** @description Why it waits or was refused: a word of ours, or the code of Stripe */
            reason: string | null;
            /** @description What Stripe said */
            reasonText: string | null;
            whatToDo: string | null;
            /** @description Of the event at Stripe, or what the idempotency keys of the calls begin with */
            identifier: string;
            stripeCustomerId: string | null;
            /** @description Whose quantity is set, of `stripe_subscription` */
            subscriptionItemId: string | null;
            attempts: number;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            createdAt: string;
            sentAt: string | null;
        };
        StripeReconciliation: {
            customerId: string;
            /** @description What was counted, in units of the meter */
            quantity: string;
            sent: string;
            /** @description Stripe may have it or not */
            sending: string;
            waiting: string;
            refused: string;
            /** @description Null: linked to no customer of Stripe */
            atStripe: string | null;
            /** @description `atStripe` − `sent` */
            difference: string | null;
        };
        SubscriptionAddOn: {
            id: string;
            subscriptionId: string;
            /** @description Key of the add-on */
            addOn: string;
            addOnId: string;
            quantity: string;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            from: string;
            /** @description Null: as long as the subscription */
            until: string | null;
        };
        Import: {
            /** @description What its events carry as `importId` */
            id: string;
            source: string;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            from: string;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            to: string;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            createdAt: string;
            revertedAt: string | null;
        };
        InvoiceVerification: {
            invoiceId: string;
            number: string | null;
            /** @enum {string} */
            kind: "period" | "advance" | "threshold" | "late" | "one_off";
            /** @description Whether nothing differs, neither of the invoice nor of the sums of its usage */
            verified: boolean;
            /** @description SHA-256 of what is said; null where nothing is said of it */
            digests: {
                stored: string | null;
                recomputed: string | null;
            };
            /** @description Events of transactions below this number were counted, and no others */
            usageBefore: string;
            lines: {
                lineNo: number;
                description: string;
                matches: boolean;
                /** @description SHA-256 of what is said; null where nothing is said of it */
                digests: {
                    stored: string | null;
                    recomputed: string | null;
                };
            }[];
            differences: {
                /** @enum {string} */
                where: "invoice" | "line" | "adjustment";
                /** @description Of a line */
                lineNo: number | null;
                /** @description Which discount, credit or tax */
                adjustment: {
                    kind: string;
                    ref: string;
                } | null;
                field: string;
                stored: string | null;
                recomputed: string | null;
            }[];
            /** @description Sums of usage that a recount of the events does not confirm, both as they are now. An invoice can be right all the same */
            rollUps: {
                meter: string;
                /**
                 * @description An instant, ISO 8601 in UTC
                 * @example 2026-03-01T00:00:00.000Z
                 */
                from: string;
                /**
                 * @description An instant, ISO 8601 in UTC
                 * @example 2026-03-01T00:00:00.000Z
                 */
                to: string;
                rollUp: {
                    events: string;
                    sum: string;
                    min: string | null;
                    max: string | null;
                    last: string | null;
                    uniques: string;
                };
                events: {
                    events: string;
                    sum: string;
                    min: string | null;
                    max: string | null;
                    last: string | null;
                    uniques: string;
                };
            }[];
        };
        WebhookDelivery: {
            /** @example whd_01h455vb4pex5vsknk084sn02q */
            id: string;
            endpointId: string;
            /** @description Sent as `webhook-id` */
            factId: string;
            type: string;
            /** @enum {string} */
            state: "pending" | "delivered" | "failed";
            /** @description Since it was made or last replayed */
            attempts: number;
            nextAttemptAt: string | null;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            createdAt: string;
            endedAt: string | null;
        };
        WebhookAttempt: {
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            at: string;
            durationMs: number;
            /** @description null: no answer came */
            status: number | null;
            /** @description Why no answer came: unreachable, timeout, tls_failed, connection_lost, malformed */
            error: string | null;
            /** @description The first KiB of the answer */
            response: string | null;
        };
        WebhookEndpoint: {
            /** @example we_01h455vb4pex5vsknk084sn02q */
            id: string;
            url: string;
            description: string;
            /** @description Empty: facts of all types */
            eventTypes: string[];
            /** @enum {string} */
            status: "enabled" | "disabled";
            /** @description `gone`: it answered 410; `failing`: it failed for five days */
            disabledReason: ("manual" | "gone" | "failing") | null;
            failingSince: string | null;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            createdAt: string;
        };
        Fact: {
            /** @example fact_01h455vb4pex5vsknk084sn02q */
            id: string;
            type: string;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            at: string;
            data: {
                [key: string]: unknown;
            };
        };
        ApplicationProcesses: {
            data: components["schemas"]["ApplicationProcess"][];
        };
        Leases: {
            results: (components["schemas"]["Lease"] | components["schemas"]["LimitDecision"] | {
                id: string;
                error: {
                    code: string;
                    message: string;
                };
            })[];
        };
        ReportAnswer: {
            /** @enum {string} */
            status: "recorded" | "duplicate";
        };
        EndpointWithPolicies: {
            id: string;
            application: string;
            method: string | null;
            /** @description Null: all requests for which the framework had no route */
            route: string | null;
            /**
             * @description An instant, ISO 8601 in UTC
             * @example 2026-03-01T00:00:00.000Z
             */
            firstSeenAt: string;
            /** @description When the framework last said that it has it, to the day */
            declaredAt: string | null;
            /** @description In traffic, to the minute */
            lastSeenAt: string | null;
            /** @description As its route is written, without those that are off; a path may fit a more specific one */
            policies: {
                id: string;
                key: string;
                name: string;
                /** @enum {string} */
                mode: "enforce" | "shadow" | "off";
                /** @description How many it has */
                limits: number;
                /** @description Whether it has a metering rule */
                meters: boolean;
            }[];
        };
        EndpointStatistics: {
            endpoint: {
                id: string;
                application: string;
                method: string | null;
                /** @description Null: all requests for which the framework had no route */
                route: string | null;
                /**
                 * @description An instant, ISO 8601 in UTC
                 * @example 2026-03-01T00:00:00.000Z
                 */
                firstSeenAt: string;
                /** @description When the framework last said that it has it, to the day */
                declaredAt: string | null;
                /** @description In traffic, to the minute */
                lastSeenAt: string | null;
            };
            /**
             * @description When the first hour or minute that is in it began
             * @example 2026-03-01T00:00:00.000Z
             */
            from: string;
            /**
             * @description When the last one ends
             * @example 2026-03-01T00:00:00.000Z
             */
            to: string;
            /** @description Of all of them together */
            total: {
                requests: number;
                /** @description Requests that a metering rule covers, and for which no customer was known */
                unmetered: number;
                /**
                 * @description By the first digit
                 * @example {
                 *       "2xx": 98,
                 *       "5xx": 2
                 *     }
                 */
                statuses: {
                    [key: string]: number;
                };
                /** @description The share with a status of 500 or more; null without requests */
                errorRate: number | null;
                /** @description Milliseconds that so many of a hundred requests did not exceed, within 1.6 %; null where none was told */
                latencyMs: {
                    p50: number;
                    p95: number;
                    p99: number;
                } | null;
                requestBytes: number;
                responseBytes: number;
            };
            data: {
                /**
                 * @description An instant, ISO 8601 in UTC
                 * @example 2026-03-01T00:00:00.000Z
                 */
                startsAt: string;
                /** @description Of an hour: how many there were */
                customers: number;
                requests: number;
                /** @description Requests that a metering rule covers, and for which no customer was known */
                unmetered: number;
                /**
                 * @description By the first digit
                 * @example {
                 *       "2xx": 98,
                 *       "5xx": 2
                 *     }
                 */
                statuses: {
                    [key: string]: number;
                };
                /** @description The share with a status of 500 or more; null without requests */
                errorRate: number | null;
                /** @description Milliseconds that so many of a hundred requests did not exceed, within 1.6 %; null where none was told */
                latencyMs: {
                    p50: number;
                    p95: number;
                    p99: number;
                } | null;
                requestBytes: number;
                responseBytes: number;
            }[];
        };
        EndpointCustomers: {
            /**
             * @description When the first hour or minute that is in it began
             * @example 2026-03-01T00:00:00.000Z
             */
            from: string;
            /**
             * @description When the last one ends
             * @example 2026-03-01T00:00:00.000Z
             */
            to: string;
            data: {
                /** @description Null: nobody known, and those beyond 5,000 customers in an hour */
                customerId: string | null;
                requests: number;
                /** @description Requests that a metering rule covers, and for which no customer was known */
                unmetered: number;
                /**
                 * @description By the first digit
                 * @example {
                 *       "2xx": 98,
                 *       "5xx": 2
                 *     }
                 */
                statuses: {
                    [key: string]: number;
                };
                /** @description The share with a status of 500 or more; null without requests */
                errorRate: number | null;
                /** @description Milliseconds that so many of a hundred requests did not exceed, within 1.6 %; null where none was told */
                latencyMs: {
                    p50: number;
                    p95: number;
                    p99: number;
                } | null;
                requestBytes: number;
                responseBytes: number;
            }[];
        };
        ControlWarnings: {
            data: components["schemas"]["ControlWarning"][];
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
};
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
