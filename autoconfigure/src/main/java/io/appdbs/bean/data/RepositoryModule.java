package io.appdbs.bean.data;

import java.lang.annotation.Annotation;
import java.util.Map;

import org.springframework.data.repository.config.RepositoryConfigurationExtension;

/**
 * Module of Spring Data that creates the repositories of a database.
 *
 * @param defaults a class with the annotation that enables repositories, for its default
 * attributes
 * @param annotation the annotation
 * @param extension the extension that defines the repositories
 * @param extensionType the type of the extension that Boot's conditions look for
 * @param attributes the attributes that differ from the defaults, such as references to
 * the beans of the database
 */
record RepositoryModule(Class<?> defaults, Class<? extends Annotation> annotation,
		RepositoryConfigurationExtension extension, Class<? extends RepositoryConfigurationExtension> extensionType,
		Map<String, ?> attributes) {

}
