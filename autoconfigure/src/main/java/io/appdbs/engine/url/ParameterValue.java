package io.appdbs.engine.url;

import java.util.Map;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;

/**
 * Translation of parameter values that the driver names differently than provider-style
 * URLs.
 */
public final class ParameterValue {

	private ParameterValue() {
	}

	/**
	 * Translates the value of a parameter.
	 * @param name the name of the parameter
	 * @param value the value of the parameter
	 * @param values the driver's values by the known values, or {@code null} if values
	 * are not translated
	 * @return the driver's value
	 * @throws InvalidUrlException if the value is unknown
	 */
	public static String translate(String name, String value, @Nullable Map<String, String> values) {
		if (values == null) {
			return value;
		}
		String translated = values.get(value);
		if (translated == null) {
			throw new InvalidUrlException("has an unknown value of the parameter '" + name + "': '" + value + "'",
					"Use one of: " + String.join(", ", new TreeSet<>(values.keySet())) + ".");
		}
		return translated;
	}

}
