package io.appdbs.testsupport;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The files of a server, as someone who has a copy of the disk sees them.
 */
public final class DataFiles {

	private static final int PART = 1 << 20;

	private DataFiles() {
	}

	/**
	 * Returns the files that contain a text, also as a part of their name.
	 */
	public static List<Path> find(Path folder, String text) throws IOException {
		try (Stream<Path> files = Files.walk(folder)) {
			return files.filter(Files::isRegularFile).filter((file) -> contains(file, text)).toList();
		}
	}

	private static boolean contains(Path file, String text) {
		String rest = file.getFileName() + "\n";
		try (InputStream input = Files.newInputStream(file)) {
			for (byte[] part = input.readNBytes(PART); part.length > 0; part = input.readNBytes(PART)) {
				String found = rest + new String(part, StandardCharsets.ISO_8859_1);
				if (found.contains(text)) {
					return true;
				}
				rest = found.substring(Math.max(0, found.length() - text.length()));
			}
			return rest.contains(text);
		}
		catch (NoSuchFileException ex) {
			// the server has deleted it
			return false;
		}
		catch (IOException ex) {
			throw new IllegalStateException("Failed to read " + file, ex);
		}
	}

}
