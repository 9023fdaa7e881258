"""Scrapy's settings: polite, closed, and small. What a source says is added by `source_settings`."""

BOT_NAME = "minutier"
SPIDER_MODULES = ["crawlers.spiders"]
TWISTED_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"

# Nobody may steer this process from outside.
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
DOWNLOAD_HANDLERS = {"file": None, "data": None, "ftp": None, "s3": None}

# Our captures are the cache and the memory of a run; Scrapy's own answer from the past or lose it.
HTTPCACHE_ENABLED = False
METAREFRESH_ENABLED = False  # the page that says "go on" is what was published
HTTPERROR_ALLOW_ALL = True  # every answer is captured, whatever its status
COOKIES_ENABLED = False
REFERRER_POLICY = "same-origin"

ROBOTSTXT_OBEY = True
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY = 5
DOWNLOAD_DELAY_JITTER = 0  # jitter would go below the delay that was promised
DOWNLOAD_TIMEOUT = 60
DOWNLOAD_VERIFY_CERTIFICATES = True
DOWNLOAD_WARNSIZE = 0
REDIRECT_MAX_TIMES = 5
CONCURRENT_ITEMS = 4  # 100 tasks for each response by default: measured at 0.58 of this
LOG_LEVEL = "CRITICAL"  # what fails is in the account, with its sentence; --debug shows the rest

DOWNLOADER_MIDDLEWARES = {
    "crawlers.scope.ScopeMiddleware": 50,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "crawlers.robots.RobotsMiddleware": 100,
    "crawlers.capture.CaptureMiddleware": 585,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "crawlers.patience.PatienceMiddleware": 587,  # nearer to the network: only the last try is captured
}
ITEM_PIPELINES = {"crawlers.pipeline.AccountPipeline": 100}
