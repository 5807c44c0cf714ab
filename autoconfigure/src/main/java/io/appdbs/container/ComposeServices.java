package io.appdbs.container;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.appdbs.InvalidDatabaseConfigurationException;
import io.appdbs.TroubleshootingSection;

import org.springframework.boot.docker.compose.core.RunningService;
import org.springframework.boot.docker.compose.lifecycle.DockerComposeServicesReadyEvent;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * The services of Docker Compose that are labelled with the name of a database.
 */
final class ComposeServices {

	static final String LABEL = "io.appdbs.database";

	/** Declares the content of an image that Boot does not know. */
	private static final String BOOT_LABEL = "org.springframework.boot.service-connection";

	private ComposeServices() {
	}

	/**
	 * Declares the labelled services as databases, and hides them from later listeners:
	 * Boot would use each of them as its own single database.
	 */
	static void bind(DockerComposeServicesReadyEvent event) {
		List<RunningService> services = event.getRunningServices();
		List<RunningService> labelled = services.stream()
			.filter((service) -> service.labels().containsKey(LABEL))
			.toList();
		if (labelled.isEmpty()) {
			return;
		}
		// Boot continues with the same list
		services.removeAll(labelled);
		bind(labelled, new ContainerDatabases((ConfigurableEnvironment) event.getSource().getEnvironment(),
				event.getSource().getClassLoader()));
	}

	private static void bind(List<RunningService> services, ContainerDatabases databases) {
		Map<ContainerDatabase, RunningService> declared = new LinkedHashMap<>();
		services.forEach((service) -> declared
			.put(new ContainerDatabase(name(service), image(service).engine(), origin(service)), service));
		databases.declare(new ArrayList<>(declared.keySet()), Set::of);
		declared.forEach((database, service) -> connect(database, service, databases));
	}

	private static void connect(ContainerDatabase database, RunningService service, ContainerDatabases databases) {
		ComposeImage image = image(service);
		if (isPublished(service, image)) {
			databases.connect(database, image.url(service, database.name()), image.findUsername(service),
					image.findPassword(service));
			return;
		}
		throw new InvalidDatabaseConfigurationException(database.name(), null,
				"Database '%s': %s does not publish port %d.".formatted(database.name(), database.origin(),
						image.port()),
				"Add '%d' to the 'ports' of the service.".formatted(image.port()), null)
			.in(TroubleshootingSection.CONTAINER);
	}

	private static boolean isPublished(RunningService service, ComposeImage image) {
		try {
			return service.ports().get(image.port()) > 0;
		}
		catch (IllegalStateException ex) {
			return false;
		}
	}

	private static ComposeImage image(RunningService service) {
		String name = service.labels().getOrDefault(BOOT_LABEL, service.image().getName());
		ComposeImage image = ComposeImage.find(name);
		if (image == null) {
			throw new InvalidDatabaseConfigurationException(name(service), null,
					"Database '%s': %s has the image '%s', which is not a known database image."
						.formatted(name(service), origin(service), name),
					"If the image is compatible with a known one, add the name of that image to the service as label '%s'. Known: %s."
						.formatted(BOOT_LABEL, String.join(", ", ComposeImage.known())),
					null)
				.in(TroubleshootingSection.CONTAINER);
		}
		return image;
	}

	private static String name(RunningService service) {
		return String.valueOf(service.labels().get(LABEL));
	}

	private static String origin(RunningService service) {
		return "service '%s' of Docker Compose".formatted(service.name());
	}

}
