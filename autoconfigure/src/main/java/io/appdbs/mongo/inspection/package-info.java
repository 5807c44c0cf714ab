/**
 * Clients that inspect MongoDB databases.
 */
@NullMarked
package io.appdbs.mongo.inspection;

import org.jspecify.annotations.NullMarked;
