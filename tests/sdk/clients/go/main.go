// The shop, told by sentry-go (../README.md).
package main

import (
	"bufio"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/getsentry/sentry-go"
)

type order struct {
	number   int
	sku      string
	quantity int
}

type priceError struct{ sku string }

func (e *priceError) Error() string { return "no price for " + e.sku }

type orderError struct {
	number int
	cause  error
}

func (e *orderError) Error() string { return fmt.Sprintf("cannot price order %d", e.number) }
func (e *orderError) Unwrap() error { return e.cause }

func priceOf(o order) (int, error) {
	catalogue := map[string]int{"A-1": 10}
	price, known := catalogue[o.sku]
	if !known {
		return 0, &priceError{o.sku}
	}
	return price * o.quantity, nil
}

func checkout(o order) {
	if _, err := priceOf(o); err != nil {
		sentry.CaptureException(&orderError{o.number, err})
	}
}

func descend(depth int) int {
	if depth == 0 {
		sentry.CaptureException(&orderError{0, &priceError{"deep"}})
		return 0
	}
	return descend(depth-1) + 1
}

func message() {
	sentry.WithScope(func(scope *sentry.Scope) {
		scope.SetLevel(sentry.LevelWarning)
		sentry.CaptureMessage("stock is low: 7 items left")
	})
}

func handled() {
	for number := 1; number <= 2; number++ {
		checkout(order{number, "B-2", 3})
	}
}

func large() {
	blob := map[string]string{}
	for i := 0; i < 300; i++ {
		blob[fmt.Sprintf("key%d", i)] = strings.Repeat("x", 1000)
	}
	sentry.WithScope(func(scope *sentry.Scope) {
		scope.SetContext("blob", map[string]interface{}{"all": blob})
		descend(120)
	})
}

func burst() {
	for number := 0; number < 25; number++ {
		sentry.CaptureMessage(fmt.Sprintf("burst %d of 25", number))
	}
}

func unhandled() {
	defer func() {
		if err := recover(); err != nil {
			sentry.CurrentHub().Recover(err)
			sentry.Flush(10 * time.Second)
			panic(err)
		}
	}()
	var baskets []int
	fmt.Println(baskets[1])
}

func lines() {
	input := bufio.NewScanner(os.Stdin)
	for input.Scan() {
		sentry.CaptureMessage(input.Text())
		sentry.Flush(5 * time.Second)
		fmt.Println("ok")
	}
}

func main() {
	err := sentry.Init(sentry.ClientOptions{Dsn: os.Getenv("SENTRY_DSN"), Release: "shop@1.4.2",
		Environment: "staging", ServerName: "web-07", AttachStacktrace: true})
	if err != nil {
		panic(err)
	}
	sentry.ConfigureScope(func(scope *sentry.Scope) {
		scope.SetUser(sentry.User{ID: "4711", Email: "ann@example.com", Username: "ann"})
		scope.SetTag("region", "eu-west")
		scope.SetContext("cart", map[string]interface{}{"items": 3, "total": "9.99"})
	})
	sentry.AddBreadcrumb(&sentry.Breadcrumb{Category: "cart", Message: "added B-2 to the basket", Level: sentry.LevelInfo})
	all := map[string]func(){"message": message, "handled": handled, "large": large, "burst": burst,
		"unhandled": unhandled, "lines": lines,
		"unicode": func() { sentry.CaptureMessage("Größe 中文 😀 nul:\x00:end") }}
	for _, name := range os.Args[1:] {
		sentry.ConfigureScope(func(scope *sentry.Scope) { scope.SetTag("scenario", name) })
		all[name]()
		sentry.Flush(10 * time.Second)
	}
}
