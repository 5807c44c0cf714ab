package io.appdbs.container;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.docker.compose.core.ConnectionPorts;
import org.springframework.boot.docker.compose.core.ImageReference;
import org.springframework.boot.docker.compose.core.RunningService;

/**
 * A service of Docker Compose as Boot hands it over.
 *
 * @param name the name
 * @param image the image
 * @param ports the ports on the host by the port in the container
 * @param env the variables
 * @param labels the labels
 */
record FakeService(String name, ImageReference image, ConnectionPorts ports, Map<String, @Nullable String> env,
		Map<String, String> labels) implements RunningService {

	FakeService(String name, String image, int port, Map<String, @Nullable String> env, Map<String, String> labels) {
		this(name, ImageReference.of(image), new Ports(port), env, labels);
	}

	@Override
	public String host() {
		return "127.0.0.1";
	}

	/**
	 * One port that is published under its number plus ten thousand.
	 *
	 * @param port the port
	 */
	private record Ports(int port) implements ConnectionPorts {

		@Override
		public int get(int containerPort) {
			if (containerPort != this.port) {
				throw new IllegalStateException("No host port mapping found for container port " + containerPort);
			}
			return containerPort + 10_000;
		}

		@Override
		public List<Integer> getAll() {
			return List.of(get(this.port));
		}

		@Override
		public List<Integer> getAll(@Nullable String protocol) {
			return getAll();
		}

	}

}
