"""What services answer when something is wrong, in the wire formats and words of many.

Each answer has the kind of fault that it is about. These are our own examples, modelled on the
public lists of codes; ids name the service whose manner it is.
"""

from dataclasses import dataclass
from typing import Any

from chatpaper.backends.errors.fault_table import Kind
from tests.fakes.loopback import Reply


@dataclass(frozen=True)
class Told:
    """An answer and the kind of fault that it reports.

    `says` are words of the service that a person must see.
    """

    id: str
    kind: Kind
    reply: Reply
    says: str = ""


def told(id: str, kind: Kind, status: int, body: Any, says: str = "", **headers: str) -> Told:
    return Told(id, kind, Reply(status, body, headers), says)


def error(message: str, code: Any = None, type: str = "", **others: Any) -> dict[str, Any]:
    return {"error": {"message": message, "code": code, "type": type, **others}}


_GOOGLE = "type.googleapis.com/google.rpc."

# What servers that speak OpenAI's format say.
COMPATIBLE = (
    # This paper.
    told(
        "GLM 1301",
        "moderated",
        400,
        error("系统检测到输入可能含有不安全或敏感内容，请避免。", "1301"),
        "不安全或敏感",
    ),
    told(
        "DashScope",
        "moderated",
        400,
        error("Input data may hold bad words.", "data_inspection_failed"),
        "bad words",
    ),
    told(
        "DashScope 200",
        "moderated",
        200,
        {"code": "DataInspectionFailed", "message": "Output data withheld."},
    ),
    told(
        "xAI",
        "moderated",
        403,
        {"code": "no permission to run this", "error": "Content violates usage guidelines."},
    ),
    told(
        "DeepSeek",
        "moderated",
        400,
        error("Content Exists Risk", "invalid_request_error"),
        "Exists Risk",
    ),
    told(
        "Azure",
        "moderated",
        400,
        error("The prompt triggered the content management policy.", "content_filter"),
    ),
    told(
        "Azure inner",
        "moderated",
        400,
        error("Bad.", None, innererror={"code": "ResponsibleAIPolicyViolation"}),
    ),
    told(
        "MiniMax in",
        "moderated",
        200,
        {"choices": None, "base_resp": {"status_code": 1026, "status_msg": "new"}},
    ),
    told(
        "MiniMax out",
        "moderated",
        200,
        {"choices": [], "base_resp": {"status_code": 1027, "status_msg": "new"}},
    ),
    told("MiniMax flag", "moderated", 200, {"choices": None, "input_sensitive": True}),
    told(
        "Kimi",
        "moderated",
        400,
        error("Rejected: considered high risk", None, "content_filter"),
        "high risk",
    ),
    told(
        "StepFun",
        "moderated",
        451,
        error("The output is blocked.", "451", "censorship_blocked"),
        "is blocked",
    ),
    told(
        "Volcengine", "moderated", 400, error("Not allowed.", "InputTextSensitiveContentDetected")
    ),
    told(
        "iFlytek",
        "moderated",
        200,
        {"code": 10013, "message": "input audit", "sid": "x"},
        "input audit",
    ),
    told(
        "Tencent", "moderated", 400, error("Cannot go on.", "OperationDenied.TextIllegalDetected")
    ),
    told(
        "OpenRouter",
        "moderated",
        403,
        error("Provider error", 403, metadata={"reasons": ["harmful"]}),
    ),
    told(
        "OpenAI",
        "moderated",
        400,
        error("Your prompt was flagged as unfit.", "invalid_prompt"),
        "flagged",
    ),
    told(
        "gateway in Chinese",
        "moderated",
        500,
        error("上游错误：内容违规，无法生成", "upstream_error"),
        "内容违规",
    ),
    told(
        "Baidu",
        "moderated",
        200,
        {"error_code": 336, "error_msg": "输入内容不合规", "id": "as-1"},
        "不合规",
    ),
    told(
        "Google by a gateway",
        "moderated",
        200,
        {"choices": [{"message": {"content": ""}, "finish_reason": "SAFETY"}]},
    ),
    told(
        "GLM's end",
        "moderated",
        200,
        {"choices": [{"message": {"content": ""}, "finish_reason": "sensitive"}]},
    ),
    # This account.
    told(
        "key refused",
        "key",
        401,
        error("Incorrect API key provided.", "invalid_api_key"),
        "Incorrect API key",
    ),
    told("key in a 200", "key", 200, {"detail": "Not authenticated"}, "Not authenticated"),
    told("one-api key", "key", 200, error("无效的令牌", "invalid_token"), "无效的令牌"),
    told(
        "MiniMax key",
        "key",
        200,
        {"base_resp": {"status_code": 1004, "status_msg": "login fail"}},
        "login fail",
    ),
    told("GLM key", "key", 401, error("身份验证失败。", "1000"), "身份验证失败"),
    told(
        "xAI key",
        "key",
        400,
        {"error": "Incorrect API key provided", "code": "bad"},
        "Incorrect API key",
    ),
    told("SiliconFlow key", "key", 401, "Invalid token", "Invalid token"),
    told("GLM arrears", "balance", 429, error("您的账户已欠费，请充值后重试。", "1113"), "欠费"),
    told(
        "DashScope arrears",
        "balance",
        400,
        error("Access denied; is the account in good standing?", "Arrearage"),
    ),
    told("DeepSeek balance", "balance", 402, error("Insufficient Balance"), "Insufficient Balance"),
    told(
        "MiniMax balance",
        "balance",
        200,
        {"base_resp": {"status_code": 1008, "status_msg": "no money"}},
        "no money",
    ),
    told(
        "SiliconFlow balance",
        "balance",
        403,
        {"code": 30001, "message": "Sorry, your account balance is insufficient"},
    ),
    told(
        "Kimi balance",
        "balance",
        429,
        error("Your account is suspended due to insufficient balance.", None, "quota"),
    ),
    told(
        "OpenAI quota",
        "balance",
        429,
        error("You exceeded your current quota.", "insufficient_quota"),
    ),
    told(
        "one-api quota",
        "balance",
        403,
        error("该令牌额度已用尽", "insufficient_user_quota"),
        "额度已用尽",
    ),
    told(
        "xAI credits",
        "balance",
        403,
        {"error": "Your team has used all available credits."},
        "all available credits",
    ),
    told(
        "OpenRouter credits",
        "balance",
        402,
        error("This needs more credits, or fewer max_tokens.", 402),
    ),
    told(
        "closed",
        "suspended",
        403,
        error("Your account has been suspended for violating our policies."),
    ),
    told("closed in Chinese", "suspended", 403, error("您的账号因违规已被封禁"), "封禁"),
    told(
        "OpenAI region",
        "region",
        403,
        error("Country not supported", "unsupported_country_region_territory"),
    ),
    told("region in Chinese", "region", 403, error("您所在的地区暂不支持使用该服务"), "地区"),
    told(
        "free tier",
        "plan",
        403,
        error("The free tier of the model has been exhausted.", "AllocationQuota.FreeTierOnly"),
    ),
    # This setting.
    told(
        "no model",
        "model",
        404,
        error("The model `m` does not exist.", "model_not_found"),
        "does not exist",
    ),
    told("GLM model", "model", 400, error("模型不存在，请检查模型代码。", "1211"), "模型不存在"),
    told(
        "SiliconFlow model",
        "model",
        400,
        {"code": 20012, "message": "Model does not exist.", "data": None},
    ),
    told(
        "one-api channel",
        "model",
        503,
        error("当前分组 default 下对于模型 m 无可用渠道"),
        "无可用渠道",
    ),
    told(
        "Ollama model",
        "model",
        404,
        error("model 'm' not found, try pulling it first"),
        "try pulling",
    ),
    told("gone", "model", 400, error("The model has been decommissioned.", "model_decommissioned")),
    told(
        "temperature",
        "parameter",
        400,
        error("invalid temperature: only 1 is allowed for this model"),
        "only 1",
    ),
    told(
        "max_tokens", "parameter", 400, error("the valid range of max_tokens is [1, 8192]"), "8192"
    ),
    told("not here", "address", 404, "404 page not found"),
    told(
        "too long",
        "too_long",
        400,
        error("This model's maximum context length is 900 tokens."),
        "900",
    ),
    told(
        "DashScope too long",
        "too_long",
        400,
        error("Range of input length should be [1, 900]", "InvalidParameter"),
    ),
    # This moment.
    told(
        "too fast", "minute", 429, error("Rate limit reached for requests", "rate_limit_exceeded")
    ),
    told(
        "Groq",
        "minute",
        429,
        error(
            "Limit of tokens per minute (TPM) reached. Try again in 1.6s. More at "
            "example.com/settings/billing"
        ),
    ),
    told(
        "GLM concurrency",
        "minute",
        429,
        error("您当前使用该API的并发数过高，请充值提升", "1302"),
        "并发数过高",
    ),
    told(
        "SiliconFlow rate",
        "minute",
        403,
        error("Request was rejected due to rate limiting: RPM limit reached"),
    ),
    told(
        "Azure rate",
        "minute",
        429,
        error("Requests have exceeded token rate limit of your tier. Retry after 20 s"),
    ),
    told(
        "MiniMax rate",
        "minute",
        200,
        {"base_resp": {"status_code": 1002, "status_msg": "rate limit"}},
    ),
    told(
        "a day's requests",
        "day",
        429,
        error("Rate limit reached on requests per day (RPD): Limit 50"),
    ),
    told("OpenRouter day", "day", 429, error("Rate limit exceeded: free-models-per-day", 429)),
    told("busy in a 200", "load", 200, {"code": 500, "msg": "服务繁忙"}, "服务繁忙"),
    told(
        "overloaded",
        "load",
        503,
        error("The server is overloaded.", None, "overloaded_error"),
        "overloaded",
    ),
    told("client closed", "load", 499, error("Client closed the request"), "Client closed"),
    told(
        "upstream 502",
        "load",
        200,
        error("Provider returned error", 502),
        "Provider returned error",
    ),
    told(
        "choice with an error",
        "load",
        200,
        {"choices": [{"error": {"code": 502, "message": "cut by the provider"}}]},
    ),
    told("no choices", "load", 200, {"id": "1", "object": "chat.completion", "choices": []}),
    told("nothing", "load", 200, {}),
    told(
        "a page",
        "load",
        502,
        "<html><head><title>502 Bad Gateway</title></head></html>",
        "502 Bad Gateway",
    ),
    # In words that nobody knows.
    told("unknown 400", "refused", 400, error("E-7731: declined"), "E-7731"),
    told("unknown 403", "refused", 403, error("Forbidden"), "Forbidden"),
    told(
        "firewall",
        "refused",
        403,
        "<!DOCTYPE html><html><head><title>Attention Required!</title>"
        '<meta http-equiv="Content-Security-Policy"></head></html>',
        "Attention Required!",
    ),
)


def google(
    message: str, status: str = "INVALID_ARGUMENT", code: int = 400, *details: Any
) -> dict[str, Any]:
    return {"error": {"code": code, "message": message, "status": status, "details": list(details)}}


def _info(reason: str) -> dict[str, Any]:
    return {"@type": _GOOGLE + "ErrorInfo", "reason": reason, "domain": "googleapis.com"}


# What Gemini says.
GOOGLE = (
    told(
        "key",
        "key",
        400,
        google("API key not valid.", "INVALID_ARGUMENT", 400, _info("API_KEY_INVALID")),
    ),
    told(
        "expired",
        "key",
        400,
        google("API key expired. Please renew the API key."),
        "renew the API key",
    ),
    told(
        "leaked",
        "key",
        403,
        google("Your API key was reported as leaked.", "PERMISSION_DENIED", 403),
        "leaked",
    ),
    told(
        "prepaid",
        "balance",
        429,
        google("Your prepayment credits are depleted.", "RESOURCE_EXHAUSTED", 429),
        "depleted",
    ),
    told(
        "cap",
        "balance",
        429,
        google("The project passed its monthly spending cap.", "RESOURCE_EXHAUSTED", 429),
        "cap",
    ),
    told(
        "region",
        "region",
        400,
        google("User location is not supported for the API use.", "FAILED_PRECONDITION"),
    ),
    told(
        "closed",
        "suspended",
        403,
        google("Denied.", "PERMISSION_DENIED", 403, _info("CONSUMER_SUSPENDED")),
    ),
    told(
        "off",
        "plan",
        403,
        google("The API is disabled.", "PERMISSION_DENIED", 403, _info("SERVICE_DISABLED")),
    ),
    told(
        "gone",
        "model",
        404,
        google("This model is no longer available to new users.", "NOT_FOUND", 404),
        "new users",
    ),
    told("fast", "minute", 429, google("Resource has been exhausted.", "RESOURCE_EXHAUSTED", 429)),
    told("cancelled", "load", 499, google("The operation was cancelled.", "CANCELLED", 499)),
    told("overloaded", "load", 503, google("High demand.", "UNAVAILABLE", 503)),
    told("prohibited", "moderated", 400, google("Blocked: PROHIBITED_CONTENT.")),
    told(
        "too long",
        "too_long",
        400,
        google("The input token count (9) exceeds the maximum number of tokens (8)."),
    ),
    told("unknown 400", "refused", 400, google("The schema is odd."), "odd"),
    told(
        "unknown 403",
        "refused",
        403,
        google("The caller may not.", "PERMISSION_DENIED", 403),
        "may not",
    ),
    told("nothing", "load", 200, {}),
)
# What gateways put into the body of a 200.
GOOGLE_IN_A_200 = (
    told("gateway's key", "key", 200, error("无效的令牌", "invalid_token"), "无效的令牌"),
    told(
        "gateway's filter",
        "moderated",
        200,
        error("内容审核未通过", "sensitive_words_detected"),
        "未通过",
    ),
    told("gateway's balance", "balance", 200, {"code": 403, "msg": "余额不足"}, "余额不足"),
)
