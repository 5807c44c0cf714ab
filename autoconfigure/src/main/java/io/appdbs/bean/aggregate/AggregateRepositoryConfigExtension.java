package io.appdbs.bean.aggregate;

import io.appdbs.bean.registry.BeanDefinitions;

import org.springframework.beans.factory.aot.BeanRegistrationAotProcessor;
import org.springframework.beans.factory.support.BeanDefinitionBuilder;
import org.springframework.data.jdbc.repository.config.JdbcRepositoryConfigExtension;
import org.springframework.data.repository.config.RepositoryConfigurationSource;

/**
 * Defines the repositories of Spring Data JDBC on a database.
 */
public final class AggregateRepositoryConfigExtension extends JdbcRepositoryConfigExtension {

	private final String database;

	/**
	 * Creates a new {@link AggregateRepositoryConfigExtension}.
	 * @param database the name of the database
	 */
	public AggregateRepositoryConfigExtension(String database) {
		this.database = database;
	}

	@Override
	public void postProcess(BeanDefinitionBuilder builder, RepositoryConfigurationSource source) {
		super.postProcess(builder, source);
		// the default is the only bean, or that of the default database
		builder.addPropertyValue("queryMappingConfiguration",
				BeanDefinitions.of(AggregateBeans.class, "queryMappingConfiguration", this.database));
	}

	@Override
	public Class<? extends BeanRegistrationAotProcessor> getRepositoryAotProcessor() {
		return AggregateRepositoryAotProcessor.class;
	}

}
