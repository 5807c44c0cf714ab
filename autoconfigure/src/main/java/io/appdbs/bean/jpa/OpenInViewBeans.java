package io.appdbs.bean.jpa;

import io.appdbs.lifecycle.DatabaseLifecycle;
import jakarta.persistence.EntityManagerFactory;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.core.env.Environment;
import org.springframework.orm.jpa.support.OpenEntityManagerInViewInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Creates the beans that bind an {@code EntityManager} of a database to the thread of a
 * web request. Loaded only in applications with Spring MVC.
 */
final class OpenInViewBeans {

	private OpenInViewBeans() {
	}

	static OpenEntityManagerInViewInterceptor openEntityManagerInViewInterceptor(EntityManagerFactory factory) {
		OpenEntityManagerInViewInterceptor interceptor = new OpenEntityManagerInViewInterceptor();
		interceptor.setEntityManagerFactory(factory);
		return interceptor;
	}

	/**
	 * Adds the interceptor of a database to Spring MVC if the database, or {@code
	 * spring.jpa}, asks for it. It is not the default, unlike for Boot's own unit.
	 * @param interceptor the name of the interceptor's bean
	 */
	static WebMvcConfigurer openEntityManagerInViewInterceptorConfigurer(String database, String interceptor,
			DatabaseLifecycle lifecycle, Environment environment, BeanFactory beanFactory) {
		Boolean own = lifecycle.getDefinition(database).settings().jpa().openInView();
		boolean open = (own != null) ? own
				: environment.getProperty("spring.jpa.open-in-view", Boolean.class, Boolean.FALSE);
		return new WebMvcConfigurer() {

			@Override
			public void addInterceptors(InterceptorRegistry registry) {
				if (open) {
					registry.addWebRequestInterceptor(
							beanFactory.getBean(interceptor, OpenEntityManagerInViewInterceptor.class));
				}
			}

		};
	}

}
