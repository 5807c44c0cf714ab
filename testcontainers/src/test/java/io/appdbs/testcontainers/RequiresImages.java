package io.appdbs.testcontainers;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Skips the tests of a class with a reason if an image is not available.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@ExtendWith(ImagesCondition.class)
@interface RequiresImages {

	/**
	 * The images.
	 */
	Image[] value();

	/**
	 * Whether Docker Compose is required as well.
	 */
	boolean compose() default false;

}
