/**
 * TLS of connections by the SSL bundles of Spring Boot: the certificates in use of each
 * database, and their replacement while the application runs.
 */
@NullMarked
package io.appdbs.ssl;

import org.jspecify.annotations.NullMarked;
