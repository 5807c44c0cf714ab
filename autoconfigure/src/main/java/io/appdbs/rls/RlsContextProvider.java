package io.appdbs.rls;

import org.jspecify.annotations.Nullable;

/**
 * Provides the current user. A bean without qualifier is for every database with
 * {@code rls.enabled} or {@code audit.statements}, one with the name of a database as
 * qualifier for that one. What {@link RlsContextHolder} holds comes first. Called before
 * every statement, so it should be cheap. It cannot ask the database itself, where that
 * would ask it again, unless under a context of {@link RlsContextHolder}.
 */
@FunctionalInterface
public interface RlsContextProvider {

	/**
	 * Returns the context of the current user.
	 * @return the context or {@code null} if there is no user
	 */
	@Nullable RlsContext getContext();

}
