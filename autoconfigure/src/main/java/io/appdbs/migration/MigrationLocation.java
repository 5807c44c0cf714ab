package io.appdbs.migration;

import org.springframework.util.AntPathMatcher;
import org.springframework.util.StringUtils;

/**
 * A location of Flyway's.
 *
 * @param path the path, with Flyway's wildcards and Boot's placeholder of the vendor
 */
public record MigrationLocation(String path) {

	private static final AntPathMatcher matcher = new AntPathMatcher();

	public static MigrationLocation of(String location) {
		String path = location.substring(location.indexOf(':') + 1).replace('\\', '/');
		path = StringUtils.trimTrailingCharacter(StringUtils.trimLeadingCharacter(path, '/'), '/');
		// in the file system, it may be the folder of the sources
		int root = ("/" + path + "/").indexOf("/" + MigrationFiles.ROOT + "/");
		return new MigrationLocation((root > 0) ? path.substring(root) : path);
	}

	/**
	 * Return whether files in a folder directly below {@code db/migration} are run from
	 * here. The folder counts if one below it does: the others may be of other vendors.
	 * @param folder the folder, empty for {@code db/migration} itself
	 */
	public boolean isIn(String folder) {
		String candidate = MigrationFiles.ROOT + (folder.isEmpty() ? "" : "/" + folder);
		// no vendor has this name
		String pattern = this.path.replace("{vendor}", "{vendor:(?!migration).*}");
		return pattern.isEmpty() || matcher.match(pattern + "/**", candidate)
				|| (!folder.isEmpty() && matcher.match(firstSegments(pattern), candidate));
	}

	private static String firstSegments(String pattern) {
		String[] segments = pattern.split("/");
		return (segments.length > 3) ? String.join("/", segments[0], segments[1], segments[2]) : pattern;
	}

}
