package io.appdbs.autoconfigure.diagnostics;

import java.util.List;
import java.util.stream.Collectors;

import io.appdbs.config.DeclaredDatabase;
import io.appdbs.encryption.FieldCipher;
import io.appdbs.settings.DatabaseDefinition;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/**
 * Analyzes the injection of a {@link FieldCipher} of a database without a keyset, or that
 * a qualifier has to select.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
class FieldCipherInjectionFailureAnalyzer extends MissingBeanFailureAnalyzer {

	private final Environment environment;

	private final BeanFactory beanFactory;

	FieldCipherInjectionFailureAnalyzer(Environment environment, BeanFactory beanFactory) {
		this.environment = environment;
		this.beanFactory = beanFactory;
	}

	@Override
	@Nullable FailureAnalysis analyzeInjection(Throwable rootFailure, NoSuchBeanDefinitionException cause,
			@Nullable String description) {
		FailedInjection injection = FailedInjection.find(rootFailure, cause, description, this.beanFactory);
		List<DeclaredDatabase> databases = DeclaredDatabase.readAll(this.environment, getClass().getClassLoader());
		if (injection.type() != FieldCipher.class || databases.isEmpty()
				|| cause instanceof NoUniqueBeanDefinitionException) {
			return null;
		}
		String required = injection.required(FieldCipher.class);
		return (injection.qualifier() != null) ? analyzeQualified(cause, required, injection.qualifier(), databases)
				: analyzeUnqualified(cause, required, databases);
	}

	private FailureAnalysis analyzeQualified(NoSuchBeanDefinitionException cause, String required, String qualifier,
			List<DeclaredDatabase> databases) {
		List<String> names = databases.stream().map(DeclaredDatabase::name).toList();
		if (!names.contains(qualifier)) {
			return new UndeclaredDatabase(this.environment)
				.analyze(cause, required, qualifier, names, databases.stream()
					.collect(Collectors.toMap(DeclaredDatabase::name, (database) -> database.beanName("FieldCipher"))));
		}
		String key = DatabaseDefinition.key(qualifier, "encryption.keyset");
		return new FailureAnalysis("%s of the database '%s', but '%s' is not set.".formatted(required, qualifier, key),
				"Set '%s' to the location of a keyset.".formatted(key), cause);
	}

	private static FailureAnalysis analyzeUnqualified(NoSuchBeanDefinitionException cause, String required,
			List<DeclaredDatabase> databases) {
		List<DeclaredDatabase> encrypted = databases.stream().filter(DeclaredDatabase::encrypted).toList();
		if (encrypted.isEmpty()) {
			return new FailureAnalysis(
					"%s, but 'encryption.keyset' is set for none of the databases: %s.".formatted(required,
							names(databases)),
					"Set 'app.dbs.<name>.encryption.keyset' to the location of a keyset for one of these names.",
					cause);
		}
		return new FailureAnalysis("%s without a qualifier, which is needed to select one of the databases: %s."
			.formatted(required, names(encrypted)), "Add @Qualifier with one of these names to the injection point.",
				cause);
	}

	private static String names(List<DeclaredDatabase> databases) {
		return databases.stream().map(DeclaredDatabase::name).collect(Collectors.joining(", "));
	}

}
