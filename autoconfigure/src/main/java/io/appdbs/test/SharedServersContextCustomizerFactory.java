package io.appdbs.test;

import java.util.List;

import io.appdbs.embedded.EmbeddedServers;

import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.context.ContextConfigurationAttributes;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.ContextCustomizerFactory;
import org.springframework.test.context.MergedContextConfiguration;

/**
 * Lets all contexts of a test run share their embedded servers.
 */
class SharedServersContextCustomizerFactory implements ContextCustomizerFactory {

	@Override
	public ContextCustomizer createContextCustomizer(Class<?> testClass,
			List<ContextConfigurationAttributes> configuration) {
		return new SharedServersContextCustomizer();
	}

	/**
	 * Equal to any other, so that it does not prevent contexts from being cached.
	 */
	private record SharedServersContextCustomizer() implements ContextCustomizer {

		@Override
		public void customizeContext(ConfigurableApplicationContext context, MergedContextConfiguration configuration) {
			if (context.getBeanFactory() instanceof BeanDefinitionRegistry registry
					&& !registry.containsBeanDefinition(EmbeddedServers.BEAN_NAME)) {
				// a factory method and no instance, for ahead-of-time processing
				RootBeanDefinition servers = new RootBeanDefinition(EmbeddedServers.class);
				servers.setFactoryMethodName("shared");
				servers.setDestroyMethodName("close");
				servers.setLazyInit(true);
				registry.registerBeanDefinition(EmbeddedServers.BEAN_NAME, servers);
			}
		}

	}

}
