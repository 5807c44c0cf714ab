package io.appdbs.mongo.validator;

import java.util.Map;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.autoconfigure.diagnostics.FailureText;
import io.appdbs.mongo.MongoModel;
import io.appdbs.testsupport.TestDatabases;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.mongodb.MongoDatabaseFactory;
import org.springframework.data.mongodb.core.MongoTemplate;
import org.springframework.data.mongodb.core.convert.DefaultDbRefResolver;
import org.springframework.data.mongodb.core.convert.MappingMongoConverter;
import org.springframework.data.mongodb.core.convert.MongoCustomConversions;
import org.springframework.data.mongodb.core.mapping.MongoMappingContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the configuration of validators.
 */
class ValidatorConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
		.withPropertyValues("app.dbs.orders.url=embedded:mongodb", "app.dbs.orders.mongo.indexes.mode=off",
				"app.dbs.orders.mongo.validators.mode=apply");

	@Test
	void theEmbeddedServerDoesNotEnforceValidators() {
		this.runner.run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(TestDatabases.orders(context).getSnapshot().preparation("validators").details())
				.isEqualTo(Map.of("leftOut", "the embedded server does not enforce them"));
		});
	}

	@Test
	void aClientOfTheApplicationIsRejected() {
		this.runner.withUserConfiguration(OwnClient.class)
			.run((context) -> assertThat(FailureText.describe(context.getStartupFailure())).isEqualTo(
					"""
							Database 'orders': 'app.dbs.orders.mongo.validators.mode' is apply, but a MongoClient bean of the application replaces the database, and its validators would not be compared.

							Remove the bean, or remove 'app.dbs.orders.mongo.validators.mode'."""));
	}

	@Test
	void aClientOfTheApplicationHasItsOwnConcerns() {
		ApplicationContextRunner concerns = this.runner.withUserConfiguration(OwnClient.class)
			.withPropertyValues("app.dbs.orders.mongo.validators.mode=off");
		concerns.withPropertyValues("app.dbs.orders.mongo.read-concern=majority")
			.run((context) -> assertThat(FailureText.describe(context.getStartupFailure())).isEqualTo(
					"""
							Database 'orders': 'app.dbs.orders.mongo.read-concern' is set, but a MongoClient bean of the application replaces the database, and its client would ignore it.

							Remove the bean, or remove 'app.dbs.orders.mongo.read-concern'."""));
		concerns.withPropertyValues("app.dbs-defaults.mongo.read-concern=majority")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void aConverterOfTheApplicationIsRejected() {
		this.runner.withUserConfiguration(OwnConverter.class)
			.run((context) -> assertThat(FailureText.describe(context.getStartupFailure())).isEqualTo(
					"""
							Database 'orders': 'app.dbs.orders.mongo.validators.mode' is 'apply', but a MongoConverter bean of the application writes the documents, and its mapping is not known.

							Set 'app.dbs.orders.mongo.validators.mode' to 'off', or add a MongoModel bean with the mapping context and the conversions of the converter under the qualifier 'orders'."""));
	}

	@Test
	void aConverterOfTheApplicationIsAcceptedWithItsModel() {
		this.runner.withUserConfiguration(OwnConverter.class, OwnModel.class)
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void conversionsThatNeedTheDatabaseAreRejected() {
		this.runner.withUserConfiguration(DependentConversions.class)
			.run((context) -> assertThat(FailureText.describe(context.getStartupFailure())).isEqualTo(
					"""
							Database 'orders': 'app.dbs.orders.mongo.validators.mode' is 'apply', but a bean for the mapping of its entities, such as MongoCustomConversions, needs a bean of a named database, which has not been opened yet.

							Inject the bean with ObjectProvider or @Lazy, or set 'app.dbs.orders.mongo.validators.mode' to 'off'."""));
	}

	@Configuration(proxyBeanMethods = false)
	static class OwnClient {

		@Bean
		@Qualifier("orders")
		MongoClient ownClient() {
			return MongoClients.create();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnConverter {

		@Bean
		@Qualifier("orders")
		MappingMongoConverter ownConverter(@Qualifier("orders") MongoDatabaseFactory factory) {
			return new MappingMongoConverter(new DefaultDbRefResolver(factory), new MongoMappingContext());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnModel {

		@Bean
		@Qualifier("orders")
		MongoModel ownModel() {
			return new MongoModel(MongoCustomConversions.create((adapter) -> {
			}), MongoMappingContext::new);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class DependentConversions {

		@Bean
		MongoCustomConversions conversions(@Qualifier("orders") MongoTemplate template) {
			return MongoCustomConversions.create((adapter) -> {
			});
		}

	}

}
