package io.appdbs.audit.unit;

import java.util.List;
import java.util.function.Supplier;

import io.appdbs.audit.AuditUser;
import io.appdbs.audit.AuditUser.Source;
import io.appdbs.rls.RlsContext;
import io.appdbs.rls.RlsContextHolder;
import io.appdbs.rls.RlsContextProvider;
import io.appdbs.settings.RlsSettings.CurrentUser;
import org.jspecify.annotations.Nullable;

/**
 * Finds the current user of a database, in the places and in the order in which row-level
 * security does.
 */
public final class AuditUsers {

	private final Supplier<List<RlsContextProvider>> providers;

	private final Supplier<@Nullable String> security;

	/** Whether this thread is asking the providers. */
	private final ThreadLocal<Boolean> asking = new ThreadLocal<>();

	/**
	 * Creates new {@link AuditUsers}.
	 * @param providers provide the context of row-level security, in order; requested
	 * with the first statement
	 * @param security returns the name of the current user of Spring Security
	 */
	public AuditUsers(Supplier<List<RlsContextProvider>> providers, Supplier<@Nullable String> security) {
		this.providers = providers;
		this.security = security;
	}

	/**
	 * Returns the current user. A provider that fails also fails the statement if there
	 * is row-level security; here, it is ignored.
	 */
	AuditUser getCurrent() {
		RlsContext context = RlsContextHolder.getContext();
		return of((context != null) ? context : ask(), this.security.get());
	}

	/**
	 * Asks the providers, unless this is for a statement of one of them.
	 */
	private @Nullable RlsContext ask() {
		if (this.asking.get() != null) {
			return null;
		}
		this.asking.set(Boolean.TRUE);
		try {
			RlsContext context = null;
			List<RlsContextProvider> providers = this.providers.get();
			for (int i = 0; context == null && i < providers.size(); i++) {
				context = providers.get(i).getContext();
			}
			return context;
		}
		catch (RuntimeException ex) {
			return null;
		}
		finally {
			this.asking.remove();
		}
	}

	/**
	 * Returns the user of a context.
	 * @param context the context of row-level security or {@code null} if there is none
	 * @param security the name of the user of Spring Security or {@code null}
	 * @return the user
	 */
	public static AuditUser of(@Nullable RlsContext context, @Nullable String security) {
		String reason = (context != null) ? context.getSystemReason() : null;
		String user = (context != null) ? context.getValue(CurrentUser.ID) : null;
		if (user != null) {
			return new AuditUser(user, Source.ROW_LEVEL_SECURITY, reason);
		}
		if (security != null) {
			return new AuditUser(security, Source.SPRING_SECURITY, reason);
		}
		return (reason != null) ? new AuditUser(null, Source.SYSTEM, reason) : AuditUser.UNKNOWN;
	}

}
