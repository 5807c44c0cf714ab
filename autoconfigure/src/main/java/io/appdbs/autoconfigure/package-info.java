/**
 * Turns {@code app.dbs} into beans: properties, registrar, auto-configurations and
 * failure analyzers. Nothing else depends on this package.
 */
@NullMarked
package io.appdbs.autoconfigure;

import org.jspecify.annotations.NullMarked;
