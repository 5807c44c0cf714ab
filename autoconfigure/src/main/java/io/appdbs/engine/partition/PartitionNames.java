package io.appdbs.engine.partition;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.zip.CRC32;

/**
 * Names of tables that contain a partition.
 */
final class PartitionNames {

	private PartitionNames() {
	}

	/**
	 * Returns the name of the table and a label, in as many bytes as a name may have. A
	 * name that is too long is shortened before the label, with a checksum that
	 * distinguishes it from others with the same beginning.
	 */
	static String of(String table, String label, int maxBytes) {
		String name = table + "_" + label;
		if (length(name) <= maxBytes) {
			return name;
		}
		CRC32 checksum = new CRC32();
		checksum.update(table.getBytes(StandardCharsets.UTF_8));
		String end = String.format(Locale.ROOT, "_%08x_%s", checksum.getValue(), label);
		StringBuilder begin = new StringBuilder(table);
		while (length(begin.toString()) + length(end) > maxBytes) {
			begin.setLength(begin.offsetByCodePoints(begin.length(), -1));
		}
		return begin + end;
	}

	private static int length(String text) {
		return text.getBytes(StandardCharsets.UTF_8).length;
	}

}
