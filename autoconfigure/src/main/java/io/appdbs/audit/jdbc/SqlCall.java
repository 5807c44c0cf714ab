package io.appdbs.audit.jdbc;

import org.jspecify.annotations.Nullable;

/**
 * A call of the layer below.
 */
@FunctionalInterface
interface SqlCall {

	@Nullable Object run() throws Throwable;

}
