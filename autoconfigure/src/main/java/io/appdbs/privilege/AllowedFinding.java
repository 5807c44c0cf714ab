package io.appdbs.privilege;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

import io.appdbs.engine.privilege.PrivilegeFinding;
import io.appdbs.engine.privilege.PrivilegeFinding.Type;
import org.jspecify.annotations.Nullable;

import org.springframework.util.PatternMatchUtils;

/**
 * An entry of {@code privileges.allow}: the name of a finding and, optionally, a pattern
 * of its object, as in {@code may-truncate staging.*}.
 *
 * @param entry the entry as written
 * @param type the type of the finding
 * @param object the pattern or {@code null} for every object
 */
public record AllowedFinding(String entry, Type type, @Nullable String object) {

	/** Findings that say that the settings are not met. */
	private static final Set<Type> NEVER = EnumSet.of(Type.MISSING_GRANT, Type.UNKNOWN_TABLE, Type.UNUSED_ALLOW);

	/**
	 * Parses an entry.
	 * @param entry the entry as written
	 * @return the entry, {@code null} if there is no such finding
	 */
	public static @Nullable AllowedFinding parse(String entry) {
		String[] parts = entry.strip().split("\\s+", 2);
		return Arrays.stream(Type.values())
			.filter((type) -> !NEVER.contains(type) && type.getName().equals(parts[0]))
			.findFirst()
			.map((type) -> new AllowedFinding(entry, type, (parts.length > 1) ? parts[1] : null))
			.orElse(null);
	}

	/**
	 * Returns the names of the findings that can be allowed.
	 * @return the names
	 */
	public static List<String> names() {
		return EnumSet.complementOf(EnumSet.copyOf(NEVER)).stream().map(Type::getName).toList();
	}

	boolean matches(PrivilegeFinding finding) {
		return finding.type() == this.type && (this.object == null || this.object.equals(finding.object())
				|| PatternMatchUtils.simpleMatch(this.object, finding.object().replace("\"", "")));
	}

}
