package io.appdbs.testcontainers;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import org.testcontainers.containers.Container;

import org.springframework.boot.testcontainers.lifecycle.TestcontainersLifecycleApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.MergedContextConfiguration;

/**
 * Passes the containers in static fields of a test class to its context. Test classes
 * with the same containers under the same names share a context.
 */
class DatabaseContainerContextCustomizer implements ContextCustomizer {

	private final List<DeclaredContainer> containers;

	private final Set<Key> keys;

	DatabaseContainerContextCustomizer(List<DeclaredContainer> containers) {
		this.containers = containers;
		this.keys = containers.stream()
			.map((container) -> new Key(container.database().name(), container.container()))
			.collect(Collectors.toUnmodifiableSet());
	}

	@Override
	public void customizeContext(ConfigurableApplicationContext context, MergedContextConfiguration configuration) {
		new TestcontainersLifecycleApplicationContextInitializer().initialize(context);
		context.getBeanFactory()
			.registerSingleton(TestContainers.BEAN_NAME,
					new TestContainers(configuration.getTestClass(), this.containers));
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof DatabaseContainerContextCustomizer that && this.keys.equals(that.keys);
	}

	@Override
	public int hashCode() {
		return this.keys.hashCode();
	}

	private record Key(String database, @Nullable Container<?> container) {

	}

}
