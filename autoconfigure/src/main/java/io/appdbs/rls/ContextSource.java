package io.appdbs.rls;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Pattern;

import io.appdbs.engine.RlsSettings;
import io.appdbs.engine.RlsSettings.OnMissing;
import io.appdbs.engine.RlsSettings.Setting;
import org.jspecify.annotations.Nullable;

/**
 * Finds out who the current user is, and whether the values can be what the settings of
 * one database are declared to be.
 */
final class ContextSource {

	private static final Pattern UUID = Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");

	private final String database;

	private final RlsSettings settings;

	private final Supplier<List<RlsContextProvider>> providers;

	private final AppliedContext nobody;

	ContextSource(String database, RlsSettings settings, Supplier<List<RlsContextProvider>> providers) {
		this.database = database;
		this.settings = settings;
		this.providers = providers;
		this.nobody = new AppliedContext(settings.settings().stream().map((setting) -> "").toList(), settings.role());
	}

	/**
	 * Return what a statement runs under right now.
	 * @throws RlsContextException if there is no user, or a value has another type than
	 * its setting
	 */
	AppliedContext getCurrent() throws RlsContextException {
		RlsContext context = find();
		if (context == null) {
			return missing("no user");
		}
		List<Setting> settings = this.settings.settings();
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

	private @Nullable RlsContext find() {
		RlsContext context = RlsContextHolder.getContext();
		if (context != null) {
			return context;
		}
		List<RlsContextProvider> providers = this.providers.get();
		for (int i = 0; context == null && i < providers.size(); i++) {
			context = providers.get(i).getContext();
		}
		return context;
	}

	private AppliedContext missing(String what) throws RlsContextException {
		if (this.settings.onMissing() == OnMissing.EMPTY) {
			return this.nobody;
		}
		throw new RlsContextException(
				"Database '%s' has row-level security, but there is %s. Run the code as a user, for example with RlsContextHolder.runAs, or as RlsContext.system where no user is behind it."
					.formatted(this.database, what));
	}

	private void check(Setting setting, String value) throws RlsContextException {
		boolean fits = switch (setting.type()) {
			case ANY -> value.indexOf('\0') < 0 && !(setting.required() && value.isBlank());
			case LONG -> isLong(value);
			case UUID -> UUID.matcher(value).matches();
		};
		if (!fits) {
			// the value may be somebody's name: it is not told
			throw new RlsContextException(
					"Database '%s': the value for '%s' is no %s. Correct what provides it, or the type of the setting in 'app.dbs.%s.rls.settings'."
						.formatted(this.database, setting.name(), description(setting), this.database));
		}
	}

	private static String description(Setting setting) {
		return switch (setting.type()) {
			case ANY -> "text that PostgreSQL takes, or is empty";
			case LONG -> "whole number of 64 bits";
			case UUID -> "UUID";
		};
	}

	private static boolean isLong(String value) {
		try {
			Long.parseLong(value);
			return true;
		}
		catch (NumberFormatException ex) {
			return false;
		}
	}

}
