package io.appdbs.rls;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.settings.RlsSettings;
import io.appdbs.settings.RlsSettings.OnMissingContext;
import io.appdbs.settings.RlsSettings.Setting;
import org.jspecify.annotations.Nullable;

/**
 * Finds out who the current user is, and whether the values can be what the settings of
 * one database are declared to be.
 */
final class ContextSource {

	private final DatabaseDefinition definition;

	private final RlsSettings settings;

	private final Supplier<List<RlsContextProvider>> providers;

	private final AppliedContext withoutUser;

	/** Whether this thread is asking the providers. */
	private final ThreadLocal<Boolean> asking = new ThreadLocal<>();

	ContextSource(DatabaseDefinition definition, Supplier<List<RlsContextProvider>> providers) {
		this.definition = definition;
		this.settings = definition.settings().rls();
		this.providers = providers;
		this.withoutUser = new AppliedContext(this.settings.settings().stream().map((setting) -> "").toList(),
				this.settings.role());
	}

	/**
	 * Returns what a statement runs under right now.
	 * @throws RlsContextException if there is no user, a value has another type than its
	 * setting, or there is no such setting
	 */
	AppliedContext getCurrent() throws RlsContextException {
		RlsContext context = find();
		if (context == null) {
			return missing("no user");
		}
		List<Setting> settings = this.settings.settings();
		checkKnown(context, settings);
		List<String> values = new ArrayList<>(settings.size());
		for (Setting setting : settings) {
			String value = context.getValue(setting.name());
			if (value != null) {
				check(setting, value);
			}
			else if (setting.required() && context.getSystemReason() == null) {
				return missing("no value for '%s'".formatted(setting.name()));
			}
			values.add((value != null) ? value : "");
		}
		return new AppliedContext(values, findRole(context));
	}

	private @Nullable String findRole(RlsContext context) throws RlsContextException {
		String role = context.getDatabaseRole();
		if (role != null && role.indexOf('\0') >= 0) {
			throw new RlsContextException(
					"Database '%s': the role of the context has a NUL character, which no role of the database has. Correct the name."
						.formatted(this.definition.name()));
		}
		return (role != null) ? role : this.settings.role();
	}

	/**
	 * Rejects the use of the database by a provider that is asked for its user.
	 * @throws RlsContextException if this thread is asking a provider, and no code has
	 * said whom it runs for
	 */
	void checkNotAsking() throws RlsContextException {
		if (this.asking.get() != null && RlsContextHolder.getContext() == null) {
			throw new RlsContextException(
					"RlsContextProvider must not query '%s': each statement calls the provider (infinite recursion). Query another database, or run the statements with RlsContextHolder.supplyAs(RlsContext.system(…), …)."
						.formatted(this.definition.name()));
		}
	}

	private @Nullable RlsContext find() throws RlsContextException {
		RlsContext context = RlsContextHolder.getContext();
		if (context != null) {
			return context;
		}
		checkNotAsking();
		this.asking.set(Boolean.TRUE);
		try {
			List<RlsContextProvider> providers = this.providers.get();
			for (int i = 0; context == null && i < providers.size(); i++) {
				context = providers.get(i).getContext();
			}
			return context;
		}
		finally {
			this.asking.remove();
		}
	}

	/**
	 * Rejects values for unknown settings: no policy reads them.
	 */
	private void checkKnown(RlsContext context, List<Setting> settings) throws RlsContextException {
		for (String name : context.getSettings()) {
			if (settings.stream().noneMatch((setting) -> setting.name().equals(name))) {
				throw new RlsContextException(
						"Database '%s': the context has a value for '%s', which is not a setting of the database. Known: %s. Add it to '%s', or leave it out of the context."
							.formatted(this.definition.name(), name,
									settings.stream().map(Setting::name).collect(Collectors.joining(", ")),
									this.definition.key("rls.settings")));
			}
		}
	}

	private AppliedContext missing(String what) throws RlsContextException {
		if (this.settings.onMissingContext() == OnMissingContext.EMPTY) {
			return this.withoutUser;
		}
		throw new RlsContextException(
				"Database '%s' has row-level security, but there is %s. Run the code as a user, for example with RlsContextHolder.runAs, or with RlsContext.system if there is no user."
					.formatted(this.definition.name(), what));
	}

	private void check(Setting setting, String value) throws RlsContextException {
		boolean fits = switch (setting.type()) {
			case ANY -> value.indexOf('\0') < 0 && !(setting.required() && value.isBlank());
			case LONG, UUID -> setting.type().accepts(value);
		};
		if (!fits) {
			// the value may be a name of a person, so it is not part of the message
			throw new RlsContextException(
					"Database '%s': the value for '%s' is not a %s. Correct the value, or the type of the setting in '%s'."
						.formatted(this.definition.name(), setting.name(), description(setting),
								this.definition.key("rls.settings")));
		}
	}

	private static String description(Setting setting) {
		return switch (setting.type()) {
			case ANY -> "non-empty text without NUL characters";
			case LONG -> "whole number of 64 bits";
			case UUID -> "UUID";
		};
	}

}
