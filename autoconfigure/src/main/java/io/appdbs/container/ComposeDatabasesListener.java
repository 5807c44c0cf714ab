package io.appdbs.container;

import org.springframework.boot.docker.compose.lifecycle.DockerComposeServicesReadyEvent;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.event.SmartApplicationListener;
import org.springframework.core.Ordered;

/**
 * Declares the services of Docker Compose as databases, before Boot uses them. Refers to
 * the event by name, as Boot's module is optional.
 */
class ComposeDatabasesListener implements SmartApplicationListener {

	private static final String EVENT = "org.springframework.boot.docker.compose.lifecycle.DockerComposeServicesReadyEvent";

	@Override
	public boolean supportsEventType(Class<? extends ApplicationEvent> eventType) {
		return EVENT.equals(eventType.getName());
	}

	@Override
	public void onApplicationEvent(ApplicationEvent event) {
		ComposeServices.bind((DockerComposeServicesReadyEvent) event);
	}

	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE;
	}

}
