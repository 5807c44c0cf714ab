package io.appdbs.mongo.migration;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.bson.BSONException;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.bson.codecs.BsonArrayCodec;
import org.bson.codecs.BsonDocumentCodec;
import org.bson.codecs.DecoderContext;
import org.bson.json.JsonParseException;
import org.bson.json.JsonReader;
import org.jspecify.annotations.Nullable;

/**
 * Parses a file with one command or an array of commands, in MongoDB's extended JSON.
 *
 * @param path the path of the file, for messages
 * @param text the content of the file
 */
record CommandParser(String path, String text) {

	private static final DecoderContext CONTEXT = DecoderContext.builder().build();

	private static final Pattern FOUND = Pattern.compile("found '(.+)'\\.?$", Pattern.DOTALL);

	private static final String FORMAT = "Write one command, such as { \"create\": \"products\" }, or an array of commands.";

	/**
	 * Returns the commands.
	 * @throws MigrationException if the text is invalid, with its line and column
	 */
	List<BsonDocument> parse() {
		if (this.text.isBlank()) {
			throw new MigrationException("'%s' is empty".formatted(this.path), FORMAT, null);
		}
		CountingReader reader = new CountingReader(this.text);
		BsonArray values;
		try {
			values = read(reader);
		}
		catch (BSONException | JsonParseException | IllegalArgumentException ex) {
			String message = MigrationException.oneLine(ex.getMessage());
			throw message.matches("(?i).*\\beof\\b.*") ? invalid(this.text.length(), "The file ends too early.", ex)
					: invalid(locate(message, reader.position), message, ex);
		}
		String rest = this.text.substring(reader.position);
		if (!rest.isBlank()) {
			throw invalid(this.text.length() - rest.stripLeading().length(), "Text follows the end of the command.",
					null);
		}
		return check(values);
	}

	private BsonArray read(CountingReader reader) {
		JsonReader json = new JsonReader(reader);
		return this.text.stripLeading().startsWith("[") ? new BsonArrayCodec().decode(json, CONTEXT)
				: new BsonArray(List.of(new BsonDocumentCodec().decode(json, CONTEXT)));
	}

	private List<BsonDocument> check(BsonArray values) {
		List<BsonDocument> commands = new ArrayList<>();
		for (BsonValue value : values) {
			if (!value.isDocument() || value.asDocument().isEmpty()) {
				throw new MigrationException(
						"entry %d of the array in '%s' is no command: %s".formatted(commands.size() + 1, this.path,
								value.isDocument() ? "{}" : value.getBsonType().name().toLowerCase(Locale.ROOT)),
						FORMAT, null);
			}
			commands.add(value.asDocument());
		}
		if (commands.isEmpty()) {
			throw new MigrationException("'%s' contains no command".formatted(this.path), FORMAT, null);
		}
		return commands;
	}

	/**
	 * Returns where the token begins that the parser has read last.
	 */
	private int locate(String message, int position) {
		Matcher found = FOUND.matcher(message);
		String token = found.find() ? found.group(1) : "";
		int begin = token.isEmpty() ? -1 : this.text.lastIndexOf(token, position - token.length());
		if (begin < 0 || begin + token.length() + 1 < position) {
			return Math.max(0, position - 1);
		}
		return (begin > 0 && "\"'".indexOf(this.text.charAt(begin - 1)) >= 0) ? begin - 1 : begin;
	}

	private MigrationException invalid(int position, String message, @Nullable Throwable cause) {
		String before = this.text.substring(0, position);
		int line = (int) before.chars().filter((ch) -> ch == '\n').count() + 1;
		int column = position - before.lastIndexOf('\n');
		return new MigrationException("'%s' is not valid JSON at line %d, column %d: %s".formatted(this.path, line,
				column, message.replaceFirst("\\.$", "")), "Correct the file.", cause);
	}

	/**
	 * Counts the characters that have been read. The exceptions of the parser have no
	 * position.
	 */
	private static final class CountingReader extends StringReader {

		private int position;

		CountingReader(String text) {
			super(text);
		}

		@Override
		public int read() throws IOException {
			int ch = super.read();
			this.position += (ch >= 0) ? 1 : 0;
			return ch;
		}

		@Override
		public int read(char[] buffer, int offset, int length) throws IOException {
			int count = super.read(buffer, offset, length);
			this.position += Math.max(0, count);
			return count;
		}

	}

}
