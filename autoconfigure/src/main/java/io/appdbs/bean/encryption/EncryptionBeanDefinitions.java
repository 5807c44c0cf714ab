package io.appdbs.bean.encryption;

import java.util.List;

import io.appdbs.InvalidDatabaseConfigurationException;
import io.appdbs.TroubleshootingSection;
import io.appdbs.bean.registry.BeanDefinitions;
import io.appdbs.bean.registry.DatabaseBeanRegistry;
import io.appdbs.bean.registry.UserBeans;
import io.appdbs.config.DeclaredDatabase;
import io.appdbs.encryption.FieldCipher;
import io.appdbs.settings.DatabaseDefinition;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.RuntimeBeanReference;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;

/**
 * Registers the beans that encrypt the fields of databases.
 */
public final class EncryptionBeanDefinitions {

	private static final String SUFFIX = "FieldCipher";

	private static final String CIPHERS = "appDbsFieldCiphers";

	private EncryptionBeanDefinitions() {
	}

	/**
	 * Registers the cipher of each database that has a keyset, or for which the
	 * application defines a cipher. The keysets are read when the application starts.
	 * @param registry where the beans of the databases are registered
	 * @param beans registers beans of the databases
	 * @param databases all databases
	 * @throws InvalidDatabaseConfigurationException if a database has both
	 */
	public static void register(BeanDefinitionRegistry registry, DatabaseBeanRegistry beans,
			List<DeclaredDatabase> databases) {
		databases.forEach((database) -> register(registry, beans, database));
		List<String> names = databases.stream()
			.filter(DeclaredDatabase::encrypted)
			.map(DeclaredDatabase::name)
			.toList();
		if (!names.isEmpty()) {
			RootBeanDefinition definition = BeanDefinitions.of(EncryptionBeans.class, "fieldCiphers", names,
					new RuntimeBeanReference(DatabaseBeanRegistry.LIFECYCLE));
			definition.setLazyInit(false);
			definition.setDestroyMethodName("close");
			BeanDefinitions.registerInfrastructure(registry, CIPHERS, definition);
		}
	}

	private static void register(BeanDefinitionRegistry registry, DatabaseBeanRegistry beans,
			DeclaredDatabase database) {
		boolean own = registry instanceof ConfigurableListableBeanFactory beanFactory
				&& beans.findUserBean(database, FieldCipher.class,
						(beanName) -> UserBeans.isQualified(beanFactory, beanName, database.name()::equals)) != null;
		if (!database.encrypted() && !own) {
			return;
		}
		String bean = beans.register(database, SUFFIX, FieldCipher.class, beans.roles().derived(database),
				EncryptionBeans.class, database.name(), new RuntimeBeanReference(CIPHERS));
		if (database.encrypted() && !BeanDefinitions.isCreatedBy(EncryptionBeans.class, bean, registry)) {
			String key = DatabaseDefinition.key(database.name(), "encryption.keyset");
			throw new InvalidDatabaseConfigurationException(database.name(), key,
					"Database '%s': '%s' is set, but the bean '%s' encrypts its fields.".formatted(database.name(), key,
							bean),
					"Remove '%s', or the bean.".formatted(key), null)
				.in(TroubleshootingSection.BEAN);
		}
	}

	/**
	 * Returns whether a database has encrypted fields.
	 * @param registry where the beans have been registered
	 * @param database the database
	 * @return whether it has a cipher
	 */
	public static boolean isAvailable(BeanDefinitionRegistry registry, DeclaredDatabase database) {
		return registry.isBeanNameInUse(database.beanName(SUFFIX));
	}

}
