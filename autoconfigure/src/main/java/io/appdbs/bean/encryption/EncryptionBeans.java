package io.appdbs.bean.encryption;

import java.util.List;

import com.google.crypto.tink.Aead;
import io.appdbs.InvalidDatabaseConfigurationException;
import io.appdbs.TroubleshootingSection;
import io.appdbs.bean.registry.UserBeans;
import io.appdbs.config.source.ConfigurationProblems;
import io.appdbs.encryption.FieldCipher;
import io.appdbs.encryption.FieldCiphers;
import io.appdbs.lifecycle.DatabaseLifecycle;
import io.appdbs.settings.DatabaseDefinition;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.ApplicationContext;

/**
 * Creates the beans that encrypt the fields of databases.
 */
final class EncryptionBeans {

	private EncryptionBeans() {
	}

	static FieldCipher fieldCipher(String name, FieldCiphers ciphers) {
		return ciphers.get(name);
	}

	/**
	 * Reads the keysets of all databases. Problems are reported together.
	 */
	static FieldCiphers fieldCiphers(List<String> names, DatabaseLifecycle lifecycle,
			ApplicationContext applicationContext, ConfigurableListableBeanFactory beanFactory) {
		ConfigurationProblems problems = new ConfigurationProblems();
		FieldCiphers ciphers = new FieldCiphers(names.size());
		try {
			for (String name : names) {
				try {
					Keys.add(ciphers, lifecycle.getDefinition(name), lifecycle, applicationContext, beanFactory);
				}
				catch (InvalidDatabaseConfigurationException ex) {
					problems.add(ex);
				}
			}
			problems.throwIfAny();
		}
		catch (RuntimeException ex) {
			ciphers.close();
			throw ex;
		}
		return ciphers;
	}

	/**
	 * Loaded only if there is a keyset, and therefore Tink.
	 */
	private static final class Keys {

		static void add(FieldCiphers ciphers, DatabaseDefinition database, DatabaseLifecycle lifecycle,
				ApplicationContext applicationContext, ConfigurableListableBeanFactory beanFactory) {
			boolean masterKey = database.settings().encryption().masterKey() != null;
			List<String> own = UserBeans.getNames(beanFactory, Aead.class.getName(), database.name()::equals)
				.filter((beanName) -> UserBeans.isAutowireCandidate(beanFactory, beanName))
				.toList();
			if (masterKey) {
				if (!own.isEmpty()) {
					throw both(database, own.get(0));
				}
				ciphers.add(database, null, null, applicationContext);
				return;
			}
			Aead bean = UserBeans.findFor(beanFactory, Aead.class, database.name(), lifecycle.getNames());
			if (bean == null) {
				throw neither(database);
			}
			String beanName = UserBeans.findNameFor(beanFactory, Aead.class, database.name(), lifecycle.getNames());
			ciphers.add(database, bean, beanName, applicationContext);
		}

		/**
		 * An Aead bean for all databases may have another purpose.
		 */
		private static InvalidDatabaseConfigurationException both(DatabaseDefinition database, String bean) {
			String key = database.key("encryption.master-key");
			return new InvalidDatabaseConfigurationException(database.name(), key,
					"Database '%s': '%s' is set, but the Aead bean '%s' decrypts its keysets."
						.formatted(database.name(), key, bean),
					"Remove '%s', or the bean.".formatted(key), null)
				.in(TroubleshootingSection.BEAN);
		}

		private static InvalidDatabaseConfigurationException neither(DatabaseDefinition database) {
			String keyset = database.key("encryption.keyset");
			String key = DatabaseDefinition.key(database.name(), "encryption.master-key");
			return new InvalidDatabaseConfigurationException(database.name(), keyset,
					"Database '%s': '%s' is set, but there is nothing to decrypt the keyset with."
						.formatted(database.name(), keyset),
					"Set '%s' to the key that encrypted the keyset, 32 bytes in Base64, or define a bean of type %s with @Qualifier(\"%s\"), such as that of a key management service."
						.formatted(key, Aead.class.getName(), database.name()),
					null)
				.in(TroubleshootingSection.ENCRYPTION);
		}

	}

}
