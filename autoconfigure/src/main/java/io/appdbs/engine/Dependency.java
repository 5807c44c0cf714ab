package io.appdbs.engine;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.Properties;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * A library that the application lacks, as messages name it.
 *
 * @param groupId the group of its Maven coordinates
 * @param artifactId the artifact of its Maven coordinates
 * @param version the version or {@code null} if Spring Boot manages it
 */
public record Dependency(String groupId, String artifactId, @Nullable String version) {

	/**
	 * Return the dependency of some coordinates. Where they have no version and Spring
	 * Boot manages none, it is the one that this library has been built with.
	 * @param coordinates the Maven coordinates as {@code groupId:artifactId} or
	 * {@code groupId:artifactId:version}
	 * @return the dependency
	 */
	public static Dependency of(String coordinates) {
		String[] parts = coordinates.split(":");
		String version = (parts.length > 2) ? parts[2] : Versions.ALL.getProperty(parts[0] + ":" + parts[1]);
		return new Dependency(parts[0], parts[1], version);
	}

	/**
	 * Return the advice to add dependencies.
	 * @param coordinates the Maven coordinates of each, as of {@link #of(String)}
	 * @return a sentence, followed by what to paste into a {@code pom.xml}
	 */
	public static String advice(Collection<String> coordinates) {
		return coordinates.stream()
			.map((each) -> "    " + of(each).toXml())
			.collect(Collectors.joining("\n", "Add to the dependencies:\n\n", ""));
	}

	private String toXml() {
		return "<dependency><groupId>%s</groupId><artifactId>%s</artifactId>%s</dependency>".formatted(this.groupId,
				this.artifactId, (this.version != null) ? "<version>" + this.version + "</version>" : "");
	}

	/**
	 * Return the coordinates.
	 */
	@Override
	public String toString() {
		return this.groupId + ":" + this.artifactId + ((this.version != null) ? ":" + this.version : "");
	}

	private static final class Versions {

		static final Properties ALL = load();

		private static Properties load() {
			Properties properties = new Properties();
			try (InputStream resource = Dependency.class.getResourceAsStream("dependency-versions.properties")) {
				// a native image may lack it
				if (resource != null) {
					properties.load(resource);
				}
				return properties;
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

	}

}
