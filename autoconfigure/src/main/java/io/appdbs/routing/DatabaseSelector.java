package io.appdbs.routing;

import org.jspecify.annotations.Nullable;

/**
 * Selects the database of the current unit of work for a route, for example by the tenant
 * of the current request. A bean without qualifier is for all routes, one with the name
 * of a route as qualifier for that one. {@link ScopedSelection} overrides it.
 * <p>
 * Called whenever the route is used, several times per transaction, so it must be fast,
 * and must not use the route itself. Must be safe for use by several threads.
 */
@FunctionalInterface
public interface DatabaseSelector {

	/**
	 * Returns the name of the selected database.
	 * @return the name, as written below {@code app.dbs}, or {@code null} if none is
	 * selected, which makes any use of the route fail: there is no default
	 */
	@Nullable String select();

}
