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

	private final AppliedContext nobody;

	/** Whether this thread is asking the providers. */
	private final ThreadLocal<Boolean> asking = new ThreadLocal<>();

	ContextSource(DatabaseDefinition definition, Supplier<List<RlsContextProvider>> providers) {
		this.definition = definition;
		this.settings = definition.settings().rls();
		this.providers = providers;
		this.nobody = new AppliedContext(this.settings.settings().stream().map((setting) -> "").toList(),
				this.settings.role());
	}

	/**
	 * Return what a statement runs under right now.
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
		String role = context.getDatabaseRole();
		return new AppliedContext(values, (role != null) ? role : this.settings.role());
	}

	/**
	 * Refuse what a provider does with the database whose user it is to tell.
	 * @throws RlsContextException if this thread is asking a provider, and no code has
	 * said whom it runs for
	 */
	void checkNotAsking() throws RlsContextException {
		if (this.asking.get() != null && RlsContextHolder.getContext() == null) {
			throw new RlsContextException(
					"Database '%s': an RlsContextProvider uses the very database whose user it has to tell, which would ask it again, without end. Let it read from another database, or run what it does here with RlsContextHolder.supplyAs(RlsContext.system(…), …)."
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
	 * A value that no policy gets to see would be taken for one that counts.
	 */
	private void checkKnown(RlsContext context, List<Setting> settings) throws RlsContextException {
		for (String name : context.getSettings()) {
			if (settings.stream().noneMatch((setting) -> setting.name().equals(name))) {
				throw new RlsContextException(
						"Database '%s': the context has a value for '%s', which is no setting of the database. Known: %s. Add it to '%s', or leave it out of the context."
							.formatted(this.definition.name(), name,
									settings.stream().map(Setting::name).collect(Collectors.joining(", ")),
									this.definition.key("rls.settings")));
			}
		}
	}

	private AppliedContext missing(String what) throws RlsContextException {
		if (this.settings.onMissingContext() == OnMissingContext.EMPTY) {
			return this.nobody;
		}
		throw new RlsContextException(
				"Database '%s' has row-level security, but there is %s. Run the code as a user, for example with RlsContextHolder.runAs, or as RlsContext.system where no user is behind it."
					.formatted(this.definition.name(), what));
	}

	private void check(Setting setting, String value) throws RlsContextException {
		boolean fits = switch (setting.type()) {
			case ANY -> value.indexOf('\0') < 0 && !(setting.required() && value.isBlank());
			case LONG, UUID -> setting.type().accepts(value);
		};
		if (!fits) {
			// the value may be somebody's name: it is not told
			throw new RlsContextException(
					"Database '%s': the value for '%s' is no %s. Correct what provides it, or the type of the setting in '%s'."
						.formatted(this.definition.name(), setting.name(), description(setting),
								this.definition.key("rls.settings")));
		}
	}

	private static String description(Setting setting) {
		return switch (setting.type()) {
			case ANY -> "text that PostgreSQL takes, or is empty";
			case LONG -> "whole number of 64 bits";
			case UUID -> "UUID";
		};
	}

}
