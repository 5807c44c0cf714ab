package io.appdbs.restore;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The file with the report of a backup. Other members of its object are kept.
 *
 * @param path the file, which need not exist
 */
record ReportFile(Path path) {

	private static final JsonMapper MAPPER = JsonMapper.builder()
		.enable(tools.jackson.databind.DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
		.build();

	/**
	 * Reads the file, so that a file that cannot be written is found before the backup is
	 * restored.
	 * @throws IllegalStateException if the file is not an object in JSON, or its folder
	 * does not exist
	 */
	ObjectNode read() {
		Path folder = this.path.toAbsolutePath().getParent();
		if (folder == null || !Files.isDirectory(folder) || !Files.isWritable(folder)) {
			throw new IllegalStateException(
					"The report " + this.path + " cannot be written: its folder does not exist or is not writable");
		}
		if (!Files.exists(this.path)) {
			return MAPPER.createObjectNode();
		}
		try {
			JsonNode node = MAPPER.readTree(Files.readAllBytes(this.path));
			if (node instanceof ObjectNode object) {
				return object;
			}
			throw new IllegalStateException("The report " + this.path + " is not a JSON object. Correct or delete it");
		}
		catch (JacksonException ex) {
			throw new IllegalStateException("The report " + this.path + " is not valid JSON. Correct or delete it", ex);
		}
		catch (IOException ex) {
			throw new IllegalStateException("The report " + this.path + " cannot be read", ex);
		}
	}

	/**
	 * Sets the member {@code verified}. Readers see the former or the new file.
	 * @throws IllegalStateException if the file cannot be written
	 */
	void write(RestoreReport report) {
		ObjectNode object = read();
		object.putObject("verified")
			.put("at", report.finished().toString())
			.put("ok", report.isVerified())
			.put("of", report.backup())
			.put("duration", report.duration().toString());
		Path absolute = this.path.toAbsolutePath();
		try {
			Path part = Files.createTempFile(absolute.getParent(), absolute.getFileName().toString(), ".part");
			try {
				Files.write(part, MAPPER.writeValueAsBytes(object));
				copyPermissions(part);
				Files.move(part, absolute, StandardCopyOption.ATOMIC_MOVE);
			}
			finally {
				Files.deleteIfExists(part);
			}
		}
		catch (IOException ex) {
			throw new IllegalStateException("The report " + this.path + " cannot be written", ex);
		}
	}

	// the application that reads the report usually runs as another user
	private void copyPermissions(Path part) throws IOException {
		if (part.getFileSystem().supportedFileAttributeViews().contains("posix")) {
			Files.setPosixFilePermissions(part, Files.exists(this.path) ? Files.getPosixFilePermissions(this.path)
					: java.nio.file.attribute.PosixFilePermissions.fromString("rw-r--r--"));
		}
	}

}
