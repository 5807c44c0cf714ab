package io.appdbs.rls;

import org.jspecify.annotations.Nullable;

/**
 * What the start has found out about the server of a database.
 *
 * @param autoCommitPrefixed whether a statement outside of a transaction can carry the
 * context with it
 * @param sessionRole the role that statements run as where neither the context nor
 * {@code rls.role} has one, {@code null} for that of the login
 * @param distributed whether other nodes evaluate policies, so that the context has to be
 * propagated to them
 */
public record RlsServer(boolean autoCommitPrefixed, @Nullable String sessionRole, boolean distributed) {

}
