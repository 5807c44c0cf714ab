package io.appdbs.testcontainers;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Declares a container as the server of a database. It overrides
 * {@code app.dbs.<name>.url}, {@code username} and {@code password}. Use it on a
 * {@code @Bean} method, or on a static field of a test class or of a class that is
 * imported with
 * {@link org.springframework.boot.testcontainers.context.ImportTestcontainers}.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ ElementType.FIELD, ElementType.METHOD, ElementType.ANNOTATION_TYPE })
public @interface DatabaseContainer {

	/**
	 * The name of the database, as below {@code app.dbs}.
	 * @return the name
	 */
	String value();

}
