/**
 * Settings that protect a database and its data: TLS, privileges, audit and encryption.
 */
@NullMarked
package io.appdbs.settings.security;

import org.jspecify.annotations.NullMarked;
