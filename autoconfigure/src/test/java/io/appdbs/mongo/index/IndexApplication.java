package io.appdbs.mongo.index;

import java.util.Map;

import io.appdbs.Databases;
import io.appdbs.PreparationReport;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.beans.factory.support.AutowireCandidateQualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.data.mongodb.MongoManagedTypes;

/**
 * An application with the database {@code catalog} and its entities.
 */
final class IndexApplication {

	private IndexApplication() {
	}

	static ApplicationContextRunner runner(String url, Class<?>... entities) {
		return new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
			.withPropertyValues("app.dbs.catalog.url=" + url)
			.withBean("catalogTypes", MongoManagedTypes.class, () -> MongoManagedTypes.from(entities),
					(definition) -> ((AbstractBeanDefinition) definition)
						.addQualifier(new AutowireCandidateQualifier(Qualifier.class, "catalog")));
	}

	static ApplicationContextRunner creating(String url, Class<?>... entities) {
		return runner(url, entities).withPropertyValues("app.dbs.catalog.mongo.indexes.mode=create");
	}

	/**
	 * Returns the report of the indexes without its time.
	 */
	static Map<String, Object> report(ApplicationContext context) {
		PreparationReport report = context.getBean(Databases.class).get("catalog").getSnapshot().preparation("indexes");
		Map<String, Object> details = new java.util.LinkedHashMap<>(report.details());
		details.remove("checkedAt");
		return details;
	}

}
