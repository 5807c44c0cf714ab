package io.appdbs.rls.verify;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/**
 * Reads the files below {@code policies} and {@code schemas}: policies and whole schemas
 * with what is true of them, found by reading them and not by running a tool.
 * <p>
 * A file starts with comments of the form {@code -- key: value}:
 * <ul>
 * <li>{@code about}, {@code source} and {@code licence}: for the reader.
 * <li>{@code settings}: names of {@code rls.settings}, separated by commas.
 * <li>{@code role}: {@code rls.role}, without which statements run as the login
 * {@code app}.
 * <li>{@code include}: a file of {@code include} that is executed before.
 * <li>{@code witness}: an example user for {@code rls.witnesses}, twice, or not at all
 * where identifiers can be guessed. Either the value of the first setting, or
 * {@code name=value, name=value}.
 * <li>{@code user}: user A and user B of the demonstrations, in the same form. By default
 * the witnesses or, without any, alice and bob.
 * <li>{@code expect}: {@code <severity> <id> <kind> <object>}, a finding that has to be
 * reported, or {@code none}. Alternatives have {@code |} between them.
 * <li>{@code tolerate}: {@code <id>, <id> <kind> <object>}, findings that are true but
 * may be left out, where {@code *} is any object. All that is neither expected nor
 * tolerated is false.
 * <li>{@code why}: the reason, for the reader.
 * <li>{@code rows}: a statement that fills tables before a demonstration, executed by the
 * superuser. The proof must not need it.
 * <li>{@code demonstrate}: {@code <context>, <n> rows: <statement>} or
 * {@code <context>, error <SQLSTATE>: <statement>}, what really happens. It belongs to
 * the last {@code expect} before it. A context is A, B, {@code nobody} (each setting is
 * empty), {@code unset} (no setting was ever set in the session) or
 * {@code name=value, name=value}.
 * </ul>
 */
public final class PolicyCases {

	private static final String FOLDER = "io/appdbs/rls/verify/";

	private static final Pattern HEADER = Pattern.compile("-- (\\w+): (.+)");

	private static final Pattern DEMONSTRATION = Pattern.compile("(.+?), (?:(\\d+) rows?|error (\\w{5})): (.+)");

	private static final PathMatchingResourcePatternResolver RESOURCES = new PathMatchingResourcePatternResolver();

	private PolicyCases() {
	}

	/**
	 * Return single policies, with one trick each.
	 */
	static List<PolicyCase> policies() {
		return read("policies/");
	}

	/**
	 * Return reduced public schemas.
	 */
	static List<PolicyCase> schemas() {
		return read("schemas/");
	}

	private static List<PolicyCase> read(String folder) {
		try {
			return Stream.of(RESOURCES.getResources("classpath:" + FOLDER + folder + "*.sql"))
				.map(PolicyCases::parse)
				.toList();
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static PolicyCase parse(Resource resource) {
		String name = String.valueOf(resource.getFilename()).replace(".sql", "");
		Header header = new Header();
		String sql = content(resource);
		try {
			sql.lines().takeWhile((line) -> line.startsWith("--")).forEach(header::add);
		}
		catch (RuntimeException ex) {
			throw new IllegalStateException(name + ": " + ex.getMessage(), ex);
		}
		return header.toCase(name, sql);
	}

	private static String content(Resource resource) {
		try {
			return resource.getContentAsString(StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static String include(String name) {
		return content(RESOURCES.getResource("classpath:" + FOLDER + "include/" + name + ".sql"));
	}

	/**
	 * Read values of settings.
	 * @param text one value, or names and values
	 * @param setting the setting of one value
	 */
	static Map<String, String> values(String text, String setting) {
		if (text.startsWith("{") || !text.contains("=")) {
			return Map.of(setting, text);
		}
		Map<String, String> values = new LinkedHashMap<>();
		for (String pair : text.split(", ")) {
			values.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
		}
		return values;
	}

	private static Matcher match(Pattern pattern, String text) {
		Matcher matcher = pattern.matcher(text);
		if (!matcher.matches()) {
			throw new IllegalStateException("'" + text + "' is not of the form " + pattern);
		}
		return matcher;
	}

	/**
	 * What one file says.
	 *
	 * @param name the name of the file
	 * @param settings the names of the settings
	 * @param role the role that statements run as, or {@code null} for the login
	 * @param witnesses the example users for the proof, two or none
	 * @param users user A and user B of the demonstrations
	 * @param expectations what has to be reported
	 * @param tolerated what may be reported
	 * @param rows statements that fill the tables
	 * @param demonstrations what really happens where nothing is expected
	 * @param sql creates all that is needed in an empty database, on a connection of its
	 * own as superuser; roles are created unless they exist
	 */
	public record PolicyCase(String name, List<String> settings, @Nullable String role,
			List<Map<String, String>> witnesses, List<Map<String, String>> users, List<Expectation> expectations,
			List<Reported> tolerated, List<String> rows, List<Demonstration> demonstrations, String sql) {

		List<Demonstration> allDemonstrations() {
			return Stream
				.concat(this.demonstrations.stream(),
						this.expectations.stream().flatMap((expectation) -> expectation.demonstrations().stream()))
				.toList();
		}

		/**
		 * Return what has to be reported and is not.
		 * @param found what is reported, with severities
		 */
		public List<Expectation> missed(List<Reported> found) {
			return this.expectations.stream()
				.filter((expectation) -> found.stream().noneMatch(expectation::isMetBy))
				.toList();
		}

		/**
		 * Return what is reported and is not true.
		 * @param found what is reported, with severities
		 */
		public List<Reported> falseOnes(List<Reported> found) {
			return found.stream()
				.filter((reported) -> this.expectations.stream()
					.noneMatch((expectation) -> expectation.isMetBy(reported)))
				.filter((reported) -> this.tolerated.stream().noneMatch((tolerated) -> tolerated.matches(reported)))
				.toList();
		}

		@Override
		public String toString() {
			return this.name;
		}

	}

	/**
	 * A finding that has to be reported.
	 *
	 * @param alternatives of which one is enough
	 * @param demonstrations what really happens because of it
	 */
	public record Expectation(List<Reported> alternatives, List<Demonstration> demonstrations) {

		boolean isMetBy(Reported found) {
			return this.alternatives.stream().anyMatch((alternative) -> alternative.matches(found));
		}

	}

	/**
	 * What a finding says.
	 *
	 * @param severity the severity, or {@code null} for any
	 * @param id the identifier
	 * @param object kind and name of the object, such as {@code table public.note}, or *
	 */
	public record Reported(@Nullable String severity, String id, String object) {

		boolean matches(Reported found) {
			return (this.severity == null || this.severity.equals(found.severity)) && this.id.equals(found.id)
					&& (this.object.equals("*") || this.object.equals(found.object));
		}

	}

	/**
	 * A statement and what it results in.
	 *
	 * @param context A, B, nobody, unset or values of settings
	 * @param rows the number of rows that are returned or written, or -1 for an error
	 * @param error the SQLSTATE, or {@code null}
	 * @param sql the statement
	 */
	record Demonstration(String context, int rows, @Nullable String error, String sql) {

	}

	/**
	 * Collects the comments at the start of a file.
	 */
	private static final class Header {

		private List<String> settings = List.of();

		private @Nullable String role;

		private final List<Map<String, String>> witnesses = new ArrayList<>();

		private final List<Map<String, String>> users = new ArrayList<>();

		private final List<Expectation> expectations = new ArrayList<>();

		private final List<Reported> tolerated = new ArrayList<>();

		private final List<String> rows = new ArrayList<>();

		private final List<Demonstration> demonstrations = new ArrayList<>();

		private final StringBuilder setup = new StringBuilder(include("roles"));

		private List<Demonstration> current = this.demonstrations;

		void add(String line) {
			Matcher matcher = match(HEADER, line);
			String value = matcher.group(2);
			switch (matcher.group(1)) {
				case "about", "source", "licence", "why" -> {
				}
				case "settings" -> this.settings = List.of(value.split(", "));
				case "role" -> this.role = value;
				case "include" -> this.setup.append(include(value));
				case "witness" -> this.witnesses.add(values(value));
				case "user" -> this.users.add(values(value));
				case "expect" -> expect(value);
				case "tolerate" -> tolerate(value);
				case "rows" -> this.rows.add(value);
				case "demonstrate" -> this.current.add(demonstration(value));
				default -> throw new IllegalStateException("unknown key in '" + line + "'");
			}
		}

		private Map<String, String> values(String value) {
			return PolicyCases.values(value, this.settings.get(0));
		}

		private void expect(String value) {
			if (value.equals("none")) {
				this.current = this.demonstrations;
				return;
			}
			String[] alternatives = value.split(" \\| ");
			String object = alternatives[alternatives.length - 1].split(" ", 3)[2];
			this.current = new ArrayList<>();
			this.expectations.add(new Expectation(Arrays.stream(alternatives).map((alternative) -> {
				String[] parts = alternative.split(" ", 3);
				return new Reported(parts[0], parts[1], object);
			}).toList(), this.current));
		}

		private void tolerate(String value) {
			String[] ids = value.split(", ");
			String[] last = ids[ids.length - 1].split(" ", 2);
			ids[ids.length - 1] = last[0];
			for (String id : ids) {
				this.tolerated.add(new Reported(null, id, last[1]));
			}
		}

		private Demonstration demonstration(String value) {
			Matcher matcher = match(DEMONSTRATION, value);
			int rows = (matcher.group(2) != null) ? Integer.parseInt(matcher.group(2)) : -1;
			return new Demonstration(matcher.group(1), rows, matcher.group(3), matcher.group(4));
		}

		PolicyCase toCase(String name, String sql) {
			List<Map<String, String>> users = !this.users.isEmpty() ? this.users : this.witnesses;
			if (users.isEmpty()) {
				users = List.of(values("alice"), values("bob"));
			}
			return new PolicyCase(name, this.settings, this.role, List.copyOf(this.witnesses), users, this.expectations,
					this.tolerated, this.rows, this.demonstrations, this.setup + "SET ROLE keeper;\n" + sql);
		}

	}

}
