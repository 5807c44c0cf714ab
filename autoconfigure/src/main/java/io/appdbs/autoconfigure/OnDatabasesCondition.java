package io.appdbs.autoconfigure;

import java.util.List;

import io.appdbs.config.DatabaseNames;
import io.appdbs.config.source.ConfiguredSources;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.ConfigurationCondition;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * {@link Condition} of {@link ConditionalOnDatabases @ConditionalOnDatabases}.
 */
class OnDatabasesCondition extends SpringBootCondition implements ConfigurationCondition {

	@Override
	public ConfigurationPhase getConfigurationPhase() {
		// containers that are beans declare databases when beans are defined
		return ConfigurationPhase.REGISTER_BEAN;
	}

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		ConditionMessage.Builder message = ConditionMessage.forCondition(ConditionalOnDatabases.class);
		List<String> all = DatabaseNames.getAll(context.getEnvironment());
		List<String> names = DatabaseNames.select(context.getEnvironment(), all);
		if (!names.isEmpty()) {
			return ConditionOutcome.match(message.found("database", "databases").items(names));
		}
		if (ConfiguredSources.of(context.getEnvironment()).isGroup(ConfiguredSources.RUNTIME)) {
			return ConditionOutcome.match(message.because("'app.dbs-runtime' is set"));
		}
		if (context.getBeanFactory() != null && DatabaseBeansRegistrar.hasParentDatabases(context.getBeanFactory())) {
			// the environment of a child need not have the keys of its parent
			return ConditionOutcome.match(message.because("a parent context has databases"));
		}
		return ConditionOutcome.noMatch(all.isEmpty() ? message.didNotFind("a database below app.dbs").atAll()
				: message.because("all databases below app.dbs are disabled: " + String.join(", ", all)));
	}

}
