package io.appdbs.mongo.migration;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32;

import org.bson.BsonDocument;

/**
 * A file with commands.
 *
 * @param name version and description
 * @param script the path below the location
 * @param path the path including the location
 * @param url the decoded URL
 * @param text the content
 */
record CommandMigration(MigrationName name, String script, String path, String url,
		String text) implements MigrationStep {

	static final String TYPE = "JSON";

	@Override
	public String type() {
		return TYPE;
	}

	@Override
	public String describe() {
		return "'%s'".formatted(this.path);
	}

	@Override
	public String origin() {
		return this.url;
	}

	/**
	 * Returns the checksum of the lines, as Flyway does. Line ends do not count.
	 */
	@Override
	public Integer checksum() {
		CRC32 crc = new CRC32();
		this.text.lines().forEach((line) -> crc.update(line.getBytes(StandardCharsets.UTF_8)));
		return (int) crc.getValue();
	}

	@Override
	public void check() {
		parse();
	}

	private List<BsonDocument> parse() {
		return new CommandParser(this.path, this.text).parse();
	}

	@Override
	public void execute(MigrationTarget target) {
		List<BsonDocument> commands = parse();
		for (int i = 0; i < commands.size(); i++) {
			new MigrationCommand(commands.get(i), i + 1, commands.size()).execute(target.database());
		}
	}

}
