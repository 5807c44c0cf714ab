package io.appdbs.mongo.migration;

import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link CommandParser}.
 */
class CommandParserTests {

	private static CommandParser parser(String text) {
		return new CommandParser("db/migration/catalog/V1__create.json", text);
	}

	@Test
	void parsesACommandOrAnArrayOfCommands() {
		assertThat(parser(" { create: 'a' }\n").parse()).containsExactly(BsonDocument.parse("{ create: 'a' }"));
		assertThat(parser("\n[ { create: 'a' }, { drop: 'b' } ]\n").parse())
			.containsExactly(BsonDocument.parse("{ create: 'a' }"), BsonDocument.parse("{ drop: 'b' }"));
		assertThat(parser("{ at: { $date: '1970-01-01T00:00:00.001Z' } }").parse())
			.containsExactly(new BsonDocument("at", new BsonDateTime(1)));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			`{\n  "create" "x"\n}`            | 2 | 12 | JSON reader was expecting ':' but found 'x'
			`{\n  "create": "x",\n  "capped": tru\n}` | 3 | 13 | JSON reader was expecting a value but found 'tru'
			`[ { "create": "x" }\n`           | 2 | 1  | The file ends too early
			`{ "a": [ 1, 2 }`                 | 1 | 15 | JSON reader was expecting a value but found '}'
			`{ "a": 1`                        | 1 | 9  | The file ends too early
			`{ "a": 1 }\n\n{ "b": 2 }`        | 3 | 1  | Text follows the end of the command
			`[ { "a": 1 } ],`                 | 1 | 15 | Text follows the end of the command
			`create`                          | 1 | 1  | JSON reader was expecting a value but found 'create'
			`{ a: ISODate('x') }`             | 1 | 17 | Failed to parse string as a date: x
			""")
	void whenTheTextIsNotJsonThenLineAndColumnAreNamed(String text, int line, int column, String message) {
		assertThatExceptionOfType(MigrationException.class).isThrownBy(() -> parser(text).parse())
			.withMessage("'db/migration/catalog/V1__create.json' is not valid JSON at line %d, column %d: %s", line,
					column, message)
			.satisfies((ex) -> assertThat(ex.getAction()).isEqualTo("Correct the file."));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			textBlock = """
					` \n `                  | 'db/migration/catalog/V1__create.json' is empty
					`[]`                    | 'db/migration/catalog/V1__create.json' contains no command
					`{}`                    | entry 1 of the array in 'db/migration/catalog/V1__create.json' is no command: {}
					`[ { "ping": 1 }, 3 ]`  | entry 2 of the array in 'db/migration/catalog/V1__create.json' is no command: int32
					""")
	void whenThereIsNoCommandThenThatIsReported(String text, String message) {
		assertThatExceptionOfType(MigrationException.class).isThrownBy(() -> parser(text).parse())
			.withMessage(message)
			.satisfies((ex) -> assertThat(ex.getAction())
				.isEqualTo("Write one command, such as { \"create\": \"products\" }, or an array of commands."));
	}

}
