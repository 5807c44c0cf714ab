/**
 * Clients, auditing and transactions of MongoDB databases.
 */
@NullMarked
package io.appdbs.mongo;

import org.jspecify.annotations.NullMarked;
