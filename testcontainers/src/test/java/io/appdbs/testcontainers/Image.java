package io.appdbs.testcontainers;

import java.util.Locale;

import org.testcontainers.utility.DockerImageName;

/**
 * The images of tests. The system property {@code appdbs.image.<name>} overrides one with
 * a compatible image.
 */
enum Image {

	POSTGRESQL("postgres:18-alpine"), MARIADB("mariadb:11.4"), MYSQL("mysql:8.4"), MONGODB("mongo:8.0"),
	COCKROACHDB("cockroachdb/cockroach:v25.2.0"), YUGABYTEDB("yugabytedb/yugabyte:2.25.2.0-b359");

	private final String official;

	Image(String official) {
		this.official = official;
	}

	DockerImageName get() {
		DockerImageName official = DockerImageName.parse(this.official);
		String property = "appdbs.image." + name().toLowerCase(Locale.ROOT);
		return DockerImageName.parse(System.getProperty(property, this.official))
			.asCompatibleSubstituteFor(official.getUnversionedPart());
	}

}
