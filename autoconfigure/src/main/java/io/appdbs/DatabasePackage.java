package io.appdbs;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Declares that the entities and repositories of a package and its sub-packages belong to
 * a database, as {@code app.dbs.<name>.packages} does in the configuration. It is found
 * on the {@code package-info} of the package, or on any class in it, if the package is
 * one of the application's auto-configuration packages or below one of them.
 *
 * @see org.springframework.boot.autoconfigure.AutoConfigurationPackage
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ ElementType.PACKAGE, ElementType.TYPE })
public @interface DatabasePackage {

	/**
	 * Returns the name of the database.
	 * @return the name as written below {@code app.dbs}
	 */
	String value();

}
