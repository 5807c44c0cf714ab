package io.appdbs.testcontainers;

import java.util.List;

import io.appdbs.container.ContainerDatabase;
import io.appdbs.container.ContainerDatabases;
import io.appdbs.testcontainers.ContainerKind.Server;
import org.testcontainers.containers.Container;
import org.testcontainers.lifecycle.Startable;
import org.testcontainers.lifecycle.Startables;

import org.springframework.boot.testcontainers.lifecycle.TestcontainersStartup;
import org.springframework.core.env.Environment;

/**
 * Starts all containers of databases and configures their URLs. The bean exists when that
 * is done.
 */
class ConnectedContainers {

	ConnectedContainers(ContainerDatabases databases, List<ContainerDatabase> declared, List<Container<?>> containers,
			Environment environment) {
		start(containers, environment);
		for (int i = 0; i < declared.size(); i++) {
			ContainerDatabase database = declared.get(i);
			Server server = ContainerKind.server(containers.get(i), database.name());
			databases.connect(database, url(databases, server), server.username(), server.password());
		}
	}

	/**
	 * Containers that are beans are already running. Others may be, if JUnit has started
	 * them or another context shares them.
	 */
	private static void start(List<Container<?>> containers, Environment environment) {
		containers.forEach(ContainerKind::prepare);
		List<Startable> startables = containers.stream()
			.filter(Startable.class::isInstance)
			.map(Startable.class::cast)
			.distinct()
			.toList();
		if ("parallel".equalsIgnoreCase(environment.getProperty(TestcontainersStartup.PROPERTY))) {
			Startables.deepStart(startables).join();
		}
		else {
			startables.forEach(TestcontainersStartup::start);
		}
	}

	/**
	 * Without an engine for YugabyteDB, the PostgreSQL driver connects to it.
	 */
	private static String url(ContainerDatabases databases, Server server) {
		return (!databases.supports(server.url())) ? server.url().replaceFirst("^jdbc:yugabytedb:", "jdbc:postgresql:")
				: server.url();
	}

}
