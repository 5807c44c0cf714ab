package io.appdbs.config.validator;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.appdbs.config.source.ConfiguredSources.Place;
import io.appdbs.config.source.SettingProblems;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.PropertySourceOrigin;
import org.springframework.boot.origin.TextResourceOrigin;

/**
 * Validates that logins are read as they are written. YAML reads a value without quotes
 * as a number or a boolean if it can, so that {@code 0123} becomes {@code 83}, and
 * {@code no} becomes {@code false}. The server would only report a wrong password.
 *
 * @param problems where problems are reported
 */
public record LoginValidator(SettingProblems problems) {

	private static final List<String> KEYS = List.of("username", "password", "flyway.username", "flyway.password",
			"liquibase.user", "liquibase.password", "sql-init.username", "sql-init.password", "inspection.username",
			"inspection.password", "maintenance.username", "maintenance.password");

	/** A value without quotes, with the end of it in a line. */
	private static final Pattern PLAIN = Pattern.compile("\\s*([^\\s,}\\]\"'#][^\\s,}\\]]*).*");

	public void validate() {
		for (String key : KEYS) {
			Place place = this.problems.place(key);
			if (place != null && isChanged(place)) {
				this.problems.addAt(place,
						"'%s' is not read as it is written: YAML reads the value as a number or a boolean."
							.formatted(place.key()),
						"Write the value in quotes.");
			}
		}
	}

	private static boolean isChanged(Place place) {
		if (place.value() instanceof CharSequence) {
			return false;
		}
		String written = read(place.origin());
		return written != null && !written.equals(place.value().toString());
	}

	private static @Nullable String read(@Nullable Origin property) {
		Origin origin = (property instanceof PropertySourceOrigin source) ? source.getOrigin() : property;
		if (!(origin instanceof TextResourceOrigin text) || text.getResource() == null || text.getLocation() == null) {
			return null;
		}
		try {
			List<String> lines = text.getResource().getContentAsString(StandardCharsets.UTF_8).lines().toList();
			int line = text.getLocation().getLine();
			int column = text.getLocation().getColumn();
			if (line >= lines.size() || column >= lines.get(line).length()) {
				return null;
			}
			Matcher value = PLAIN.matcher(lines.get(line).substring(column));
			return value.matches() ? value.group(1) : null;
		}
		catch (IOException ex) {
			// the file may have been removed, so the text is unknown
			return null;
		}
	}

}
