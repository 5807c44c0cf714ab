package io.appdbs.migration;

import org.springframework.util.AntPathMatcher;
import org.springframework.util.StringUtils;

/**
 * A location of migrations in Flyway's configuration.
 *
 * @param path the path, with Flyway's wildcards and Boot's placeholder for the vendor
 */
public record MigrationLocation(String path) {

	private static final AntPathMatcher matcher = new AntPathMatcher();

	public static MigrationLocation of(String location) {
		String path = location.substring(location.indexOf(':') + 1).replace('\\', '/');
		path = StringUtils.trimTrailingCharacter(StringUtils.trimLeadingCharacter(path, '/'), '/');
		// in the file system, it may be the source folder
		int root = ("/" + path + "/").indexOf("/" + MigrationFiles.ROOT + "/");
		return new MigrationLocation((root > 0) ? path.substring(root) : path);
	}

	/**
	 * Returns whether this location contains files in a folder directly under
	 * {@code db/migration}. A subfolder is sufficient: the others may be for other
	 * vendors.
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
