package io.appdbs.sample.catalog;

import java.time.Instant;
import java.util.List;

import org.springframework.dao.DuplicateKeyException;
import org.springframework.data.domain.Sort;
import org.springframework.stereotype.Service;

/**
 * The products.
 */
@Service
public class Catalog {

	private final ProductRepository products;

	private final ProductViewRepository views;

	Catalog(ProductRepository products, ProductViewRepository views) {
		this.products = products;
		this.views = views;
	}

	public List<Product> findAll() {
		return this.products.findAll(Sort.by("id"));
	}

	/**
	 * Return the products of a category, the cheapest first.
	 */
	public List<Product> findByCategory(String category) {
		return this.products.findByCategoryOrderByPriceInCents(category);
	}

	/**
	 * Return a product to a customer, which is counted.
	 * @throws ProductNotFoundException if there is no such product
	 */
	public Product view(String id) {
		Product product = get(id);
		this.views.save(new ProductView(null, id, Instant.now()));
		return product;
	}

	/**
	 * Return the products that were viewed most.
	 */
	public List<PopularProduct> findPopular() {
		return this.views.findMostViewed();
	}

	/**
	 * Return a product.
	 * @throws ProductNotFoundException if there is no such product
	 */
	public Product get(String id) {
		return this.products.findById(id).orElseThrow(() -> new ProductNotFoundException(id));
	}

	/**
	 * Add a product.
	 * @throws ProductExistsException if there is a product with that identifier
	 */
	public Product add(Product product) {
		try {
			return this.products.insert(product);
		}
		catch (DuplicateKeyException ex) {
			throw new ProductExistsException(product.id(), ex);
		}
	}

}
