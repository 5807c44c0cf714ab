package io.appdbs.autoconfigure;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import io.appdbs.bean.RelationalBeans;
import io.appdbs.bean.mongo.MongoBeans;
import io.appdbs.bean.reactive.ReactiveMongoBeans;
import io.appdbs.bean.registry.BeanDefinitions;
import io.appdbs.bean.route.RouteBeans;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.type.AnnotationMetadata;

/**
 * Registers {@link UnmanagedHealthContributors} and
 * {@link UnmanagedReactiveHealthContributors}. Runs before Boot's contributors are
 * defined, so that one of the same name is the application's own, which is not changed.
 */
class UnmanagedHealthContributorsRegistrar implements ImportBeanDefinitionRegistrar {

	@Override
	public void registerBeanDefinitions(AnnotationMetadata metadata, BeanDefinitionRegistry registry) {
		register(registry, "db", UnmanagedHealthContributors.class,
				Stream
					.of(findOwnBeans((BeanFactory) registry, RelationalBeans.class, "dataSource"),
							findOwnBeans((BeanFactory) registry, RouteBeans.class, "dataSource"))
					.flatMap(Stream::of)
					.toArray(String[]::new));
		register(registry, "mongo", UnmanagedHealthContributors.class,
				findOwnBeans((BeanFactory) registry, MongoBeans.class, "mongoClient"));
		register(registry, "mongo", UnmanagedReactiveHealthContributors.class,
				findOwnBeans((BeanFactory) registry, ReactiveMongoBeans.class, "reactiveMongoClient"));
	}

	private static void register(BeanDefinitionRegistry registry, String contributor, Class<?> type,
			String[] ownBeans) {
		if (ownBeans.length == 0 || registry.containsBeanDefinition(contributor + "HealthContributor")
				|| registry.containsBeanDefinition(contributor + "HealthIndicator")) {
			return;
		}
		BeanDefinitions.registerInfrastructure(registry, "appDbs%s_%s".formatted(type.getSimpleName(), contributor),
				BeanDefinitions.autowired(type, contributor, ownBeans));
	}

	/**
	 * Boot's contributors include the beans of parent contexts.
	 */
	private static String[] findOwnBeans(@Nullable BeanFactory beanFactory, Class<?> factory, String method) {
		List<String> names = new ArrayList<>();
		while (beanFactory instanceof ConfigurableListableBeanFactory current) {
			Stream.of(current.getBeanDefinitionNames())
				.filter((name) -> isMadeBy(current.getBeanDefinition(name), factory, method))
				.forEach(names::add);
			beanFactory = current.getParentBeanFactory();
		}
		return names.toArray(String[]::new);
	}

	private static boolean isMadeBy(BeanDefinition definition, Class<?> factory, String method) {
		return factory.getName().equals(definition.getBeanClassName())
				&& method.equals(definition.getFactoryMethodName());
	}

}
