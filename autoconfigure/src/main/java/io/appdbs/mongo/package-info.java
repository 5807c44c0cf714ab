/**
 * MongoDB databases: their clients, converters and transactions.
 */
@NullMarked
package io.appdbs.mongo;

import org.jspecify.annotations.NullMarked;
