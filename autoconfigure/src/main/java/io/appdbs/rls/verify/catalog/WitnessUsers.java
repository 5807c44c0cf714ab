package io.appdbs.rls.verify.catalog;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.regex.Pattern;

import io.appdbs.settings.RlsSettings;
import io.appdbs.settings.RlsSettings.Setting;
import io.appdbs.settings.RlsSettings.Type;
import org.jspecify.annotations.Nullable;

/**
 * What identifies the persons that witness rows belong to, and what the context of user B
 * says. Identifiers are guessed, or those of the two users in {@code rls.witnesses}.
 */
public final class WitnessUsers {

	/** Stands for the user where a function looks the user up. */
	public static final String ASSUMED = "appdbs.assumed_user";

	private static final Pattern NUMBER = Pattern.compile("-?\\d{1,18}");

	private static final Pattern JSON_VALUE = Pattern
		.compile("\"(\\w+)\"\\s*:\\s*(?:\"([^\"\\\\]*)\"|(-?\\d+(?:\\.\\d+)?))");

	private static final IntFunction<String> AS_UUID = "00000000-0000-0000-0000-%012d"::formatted;

	/**
	 * Forms of identifiers. The first can be cast to text, integers and uuid.
	 */
	private static final List<IntFunction<String>> FORMS = List.of("%032d"::formatted, AS_UUID, String::valueOf,
			(number) -> "user_" + number);

	private final IntFunction<String> form;

	private final Map<String, String> settings;

	private final List<Map<String, String>> examples;

	private final @Nullable String example;

	private final List<String> untyped;

	private WitnessUsers(IntFunction<String> form, Map<String, String> settings, List<Map<String, String>> examples,
			@Nullable String example, List<String> untyped) {
		this.untyped = untyped;
		this.form = form;
		this.settings = settings;
		this.examples = examples;
		this.example = example;
	}

	/**
	 * Returns the users to try in turn, until B sees a row of its own.
	 * @param settings the settings
	 * @return the users to try in turn, until B sees a row of its own
	 */
	public static List<WitnessUsers> of(RlsSettings settings) {
		List<String> untyped = settings.settings()
			.stream()
			.filter((setting) -> setting.type() == Type.ANY)
			.map(Setting::name)
			.toList();
		if (settings.witnesses().isEmpty()) {
			return FORMS.stream()
				.filter((form) -> isUsed(form, settings.settings()))
				.map((form) -> new WitnessUsers(form, guess(form, settings.settings()), List.of(), null, untyped))
				.toList();
		}
		List<Map<String, String>> examples = settings.witnesses().stream().map(WitnessUsers::parts).toList();
		Map<String, String> context = new LinkedHashMap<>();
		settings.settings()
			.forEach((setting) -> context.put(setting.name(),
					settings.witnesses().get(1).getOrDefault(setting.name(), "")));
		List<WitnessUsers> users = new ArrayList<>();
		examples.get(1).forEach((name, value) -> {
			if (!value.equals(examples.get(0).get(name))) {
				users.add(new WitnessUsers(FORMS.get(0), context, examples, name, untyped));
			}
		});
		return users;
	}

	private static boolean isUsed(IntFunction<String> form, List<Setting> settings) {
		return settings.stream()
			.anyMatch((setting) -> setting.type() == Type.ANY || (setting.type() == Type.UUID && form == AS_UUID)
					|| (setting.type() == Type.LONG && form == FORMS.get(2)));
	}

	private static Map<String, String> guess(IntFunction<String> form, List<Setting> settings) {
		Map<String, String> guessed = new LinkedHashMap<>();
		int number = Person.B.number();
		settings.forEach((setting) -> guessed.put(setting.name(), switch (setting.type()) {
			case ANY -> form.apply(number);
			case LONG -> String.valueOf(number);
			case UUID -> AS_UUID.apply(number);
		}));
		return guessed;
	}

	/**
	 * Take the values of a user apart: those of settings, and in them those of claims.
	 */
	private static Map<String, String> parts(Map<String, String> witness) {
		Map<String, String> parts = new LinkedHashMap<>();
		witness.forEach((setting, value) -> {
			if (value.startsWith("{")) {
				JSON_VALUE.matcher(value)
					.results()
					.forEach((match) -> parts.putIfAbsent(match.group(1),
							(match.group(2) != null) ? match.group(2) : match.group(3)));
			}
			parts.put(setting, value);
		});
		return parts;
	}

	/**
	 * Returns the settings of B.
	 * @return the settings of B
	 */
	public Map<String, String> settings() {
		return this.settings;
	}

	/**
	 * Returns what a function returns that looks the user up.
	 * @return what a function returns that looks the user up
	 */
	public String assumed() {
		return text(Person.B, "");
	}

	public String text(Person person, String column) {
		String example = example(person, column);
		return (example != null) ? example : this.form.apply(person.number());
	}

	public String number(Person person, String column) {
		String example = example(person, column);
		return (example != null && NUMBER.matcher(example).matches()) ? example : String.valueOf(person.number());
	}

	public String uuid(Person person, String column) {
		String example = example(person, column);
		return (example != null && Type.UUID.accepts(example)) ? example : AS_UUID.apply(person.number());
	}

	/**
	 * Returns the example for a column: what is called like it, else the one to try.
	 */
	private @Nullable String example(Person person, String column) {
		if (this.examples.isEmpty() || (person != Person.A && person != Person.B)) {
			return null;
		}
		String name = this.examples.get(1)
			.keySet()
			.stream()
			.filter((part) -> stem(part).equals(stem(column)) && isDifferent(part))
			.findFirst()
			.orElse(this.example);
		return this.examples.get((person == Person.A) ? 0 : 1).get(name);
	}

	private boolean isDifferent(String part) {
		return !String.valueOf(this.examples.get(0).get(part)).equals(this.examples.get(1).get(part));
	}

	/**
	 * Returns what {@code app.current_user_id} and {@code user_id} have in common.
	 */
	private static String stem(String name) {
		return name.substring(name.lastIndexOf('.') + 1)
			.replace("\"", "")
			.toLowerCase(Locale.ROOT)
			.replaceAll("^current_|_?id$", "");
	}

	/**
	 * Returns whether one of some settings has a value that was guessed and may have the
	 * wrong form.
	 * @param settings the settings
	 * @return whether one of some settings has a value that was guessed and may have the
	 * wrong form
	 */
	public boolean areGuessed(Predicate<String> settings) {
		return this.examples.isEmpty() && this.untyped.stream().anyMatch(settings);
	}

	/**
	 * Replace the values of the examples, which may be secrets.
	 * @param message the message
	 * @return the mask
	 */
	public String mask(String message) {
		String masked = message;
		for (Map<String, String> example : this.examples) {
			for (Map.Entry<String, String> part : example.entrySet()) {
				masked = masked.replace(part.getValue(), "<" + part.getKey() + ">");
			}
		}
		return masked;
	}

	/**
	 * To whom a row belongs.
	 */
	public enum Person {

		/** The first user. */
		A(1001),

		/** The second user. */
		B(1002),

		/** The third user. */
		C(1003),

		/** Nobody: what can identify a person is NULL. */
		NOBODY(0),

		/** A and C: columns in turn. */
		SEVERAL(1001);

		private final int number;

		Person(int number) {
			this.number = number;
		}

		public int number() {
			return this.number;
		}

	}

}
