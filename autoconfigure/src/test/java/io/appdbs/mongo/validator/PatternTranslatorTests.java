package io.appdbs.mongo.validator;

import java.util.Set;

import io.appdbs.mongo.validator.PatternRules.PatternFlag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link PatternTranslator}.
 */
class PatternTranslatorTests {

	@ParameterizedTest
	@CsvSource(delimiter = '~', quoteCharacter = '"', textBlock = """
			abc ~ (?:abc)
			[a-z]+ ~ (?:[a-z]+)
			[\\w-.]+@[\\w.-]+ ~ (?:[\\w\\-\\.]+\\@[\\w\\.\\-]+)
			^\\d{3}-\\d{2,}$ ~ (?:\\A\\d{3}\\-\\d{2,}(?=[\\n\\r\\x{85}\\x{2028}\\x{2029}]{0,2}\\z))
			(a|b)c ~ (?:(?:a|b)c)
			(?<year>\\d{4}) ~ (?:(?:\\d{4}))
			([ab])\\1 ~ (?:(?<g1>[ab])\\k<g1>)
			a.b ~ (?:a[^\\n\\r\\x{85}\\x{2028}\\x{2029}]b)
			\\p{Alpha}[\\p{Alpha}\\p{Digit}]* ~ (?:[A-Za-z][A-Za-z0-9]*)
			\\P{Upper} ~ (?:[^A-Z])
			\\p{L}+\\p{Lu} ~ (?:\\p{L}+\\p{Lu})
			\\u00e9\\x41\\x{1F600}é ~ (?:\\x{E9}A\\x{1F600}\\x{E9})
			(?=.*\\d)[^ ]+?x*+ ~ (?:(?=[^\\n\\r\\x{85}\\x{2028}\\x{2029}]*\\d)[^ ]+?x*+)
			[+\\-*/] ~ (?:[\\+\\-\\*\\/])
			\\t\\.\\/ ~ (?:\\x{9}\\.\\/)
			""")
	void translates(String regexp, String expected) throws Exception {
		assertThat(translate(regexp)).isEqualTo(expected);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '~', quoteCharacter = '"', textBlock = """
			\\bword\\b ~ '\\b' has another meaning on the server
			a(?<=a)b ~ '(?<=' has another meaning on the server
			(?i)abc ~ '(?i)' has another meaning on the server
			[a-z&&[^b]] ~ '&' has another meaning on the server
			[a[bc]] ~ '[' has another meaning on the server
			\\Qa.b\\E ~ '\\Q' has another meaning on the server
			\\p{IsLatin} ~ '\\p{IsLatin}' has another meaning on the server
			\\p{javaLowerCase} ~ '\\p{javaLowerCase}' has another meaning on the server
			[\\P{Upper}] ~ '\\P{Upper}' has another meaning on the server
			(?!a$)b ~ '$' has another meaning on the server
			\\Z ~ '\\Z' has another meaning on the server
			a{70000} ~ '{' has another meaning on the server
			\\07 ~ '\\0' has another meaning on the server
			(a ~ it is not a regular expression
			""")
	void reportsWhatHasAnotherMeaning(String regexp, String reason) {
		assertThatExceptionOfType(UntranslatablePatternException.class).isThrownBy(() -> translate(regexp))
			.withMessage(reason);
	}

	@Test
	void flagsAreTranslated() throws Exception {
		assertThat(translate("a.b", PatternFlag.CASE_INSENSITIVE, PatternFlag.DOTALL)).isEqualTo("(?i:a[\\s\\S]b)");
		assertThat(translate("a.b", PatternFlag.UNIX_LINES)).isEqualTo("(?:a[^\\n]b)");
		assertThat(translate("ab", PatternFlag.MULTILINE, PatternFlag.UNICODE_CASE)).isEqualTo("(?:ab)");
	}

	@Test
	void reportsFlagsThatHaveAnotherMeaning() {
		assertThatExceptionOfType(UntranslatablePatternException.class)
			.isThrownBy(() -> translate("a b", PatternFlag.COMMENTS))
			.withMessage("the flag COMMENTS cannot be translated");
		assertThatExceptionOfType(UntranslatablePatternException.class)
			.isThrownBy(() -> translate("^a", PatternFlag.MULTILINE))
			.withMessage("'^' has another meaning on the server");
		assertThatExceptionOfType(UntranslatablePatternException.class)
			.isThrownBy(() -> translate("[^k]", PatternFlag.CASE_INSENSITIVE))
			.withMessage("'[^' has another meaning on the server");
	}

	@Test
	void twoPatternsAreCombined() throws Exception {
		ServerPattern first = new PatternTranslator("[ab]+", Set.of()).translate();
		ServerPattern second = new PatternTranslator("(.)\\1", Set.of()).translate();
		assertThat(first.and(second))
			.hasToString("\\A(?=(?:(?<g1>[^\\n\\r\\x{85}\\x{2028}\\x{2029}])\\k<g1>)\\z)(?:[ab]+)\\z");
		assertThat(second.and(second)).isNull();
	}

	private static String translate(String regexp, PatternFlag... flags) throws UntranslatablePatternException {
		return new PatternTranslator(regexp, Set.of(flags)).translate().expression();
	}

}
